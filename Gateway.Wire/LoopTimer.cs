namespace Gateway.Wire;

/// <summary>Runs an action once its deadline has passed.</summary>
internal sealed class LoopTimer(EventLoop loop, Action run) : Timed(loop)
{
    internal override void OnDue() => run();
}
