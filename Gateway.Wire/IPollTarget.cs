namespace Gateway.Wire;

/// <summary>What has a descriptor on a loop.</summary>
internal interface IPollTarget
{
    void OnReady(Readiness ready);
}
