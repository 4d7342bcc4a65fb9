namespace Gateway.Rig.Churning;

/// <summary>Cancels after a number of seconds in which this process ran: time in which it was stopped does not count.</summary>
internal sealed class RunningTimeout : IDisposable
{
    private readonly CancellationTokenSource _end = new();
    private readonly ITimer _timer;
    private int _left;

    public RunningTimeout(int seconds)
    {
        _left = seconds;
        _timer = TimeProvider.System.CreateTimer(_ => Tick(), null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
    }

    public CancellationToken Token => _end.Token;

    public void Dispose()
    {
        _timer.Dispose();
        _end.Dispose();
    }

    private void Tick()
    {
        if (Interlocked.Decrement(ref _left) == 0)
        {
            _end.Cancel();
        }
    }
}
