namespace Gateway.Node.Sample;

/// <summary>The mode that a sample backend is in. Requests read the newest; a change wakes those that hang.</summary>
internal sealed class Behaviour
{
    private Turn _now = new(BackendMode.Well, TimeSpan.Zero);

    public Turn Now => Volatile.Read(ref _now);

    public void Become(BackendMode mode, TimeSpan slowBy) => Interlocked.Exchange(ref _now, new Turn(mode, slowBy)).End();

    /// <summary>One stay in a mode.</summary>
    /// <param name="slowBy">What <see cref="BackendMode.Slow"/> adds to every answer but that of <c>/health</c>.</param>
    internal sealed class Turn(BackendMode mode, TimeSpan slowBy)
    {
        private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public BackendMode Mode { get; } = mode;

        public TimeSpan SlowBy { get; } = slowBy;

        /// <summary>Completes when another turn begins.</summary>
        public Task Ended => _ended.Task;

        public void End() => _ended.TrySetResult();
    }
}
