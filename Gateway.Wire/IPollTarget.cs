namespace Gateway.Wire;

/// <summary>
/// The owner of a descriptor watched on a loop.
/// </summary>
internal interface IPollTarget
{
    void OnReady(Readiness ready);
}
