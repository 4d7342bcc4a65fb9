namespace Gateway.Wire;

/// <summary>Runs something once its deadline has passed.</summary>
internal sealed class LoopTimer(EventLoop loop, Action run) : Timed(loop)
{
    internal override void OnDue() => run();
}
