namespace Gateway.Node.Sample;

/// <summary>The current mode of a sample backend. Requests read the newest; a change wakes hanging ones.</summary>
internal sealed class Behaviour
{
    private Turn _now = new(BackendMode.Well, TimeSpan.Zero);

    public Turn Now => Volatile.Read(ref _now);

    public void Become(BackendMode mode, TimeSpan slowBy) => Interlocked.Exchange(ref _now, new Turn(mode, slowBy)).End();

    /// <summary>One period in a mode.</summary>
    /// <param name="slowBy">The delay that <see cref="BackendMode.Slow"/> adds to every answer except that of <c>/health</c>.</param>
    internal sealed class Turn(BackendMode mode, TimeSpan slowBy)
    {
        private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public BackendMode Mode { get; } = mode;

        public TimeSpan SlowBy { get; } = slowBy;

        /// <summary>Completes when the next period begins.</summary>
        public Task Ended => _ended.Task;

        public void End() => _ended.TrySetResult();
    }
}
