using System.Collections.Concurrent;
using System.Globalization;
using Grpc.Core;

namespace Gateway.Rig.Streams;

/// <summary>The results of the streams. Thread-safe.</summary>
internal sealed class StreamTally(TimeProvider clock)
{
    private readonly ConcurrentDictionary<string, int> _ends = new();
    private readonly long _begun = clock.GetTimestamp();
    private int _open;
    private long _messages;
    private long _lastEnd;

    public int Open => Volatile.Read(ref _open);

    /// <summary>Streams that ended early.</summary>
    public int Cut => _ends.Values.Sum();

    /// <summary>Calls among them that ended with a status other than UNAVAILABLE.</summary>
    public int OtherStatuses => _ends.Where(end => end.Key != $"{StatusCode.Unavailable}" && Enum.TryParse<StatusCode>(end.Key, out _)).Sum(end => end.Value);

    public long Messages => Interlocked.Read(ref _messages);

    /// <summary>When the last one was cut, since the start.</summary>
    public TimeSpan LastCut => TimeSpan.FromTicks(Interlocked.Read(ref _lastEnd));

    public TimeSpan Now => clock.GetElapsedTime(_begun);

    public void Opened() => Interlocked.Increment(ref _open);

    public void Echoed() => Interlocked.Increment(ref _messages);

    public void Closed() => Interlocked.Decrement(ref _open);

    /// <summary>Counts a stream that ended early.</summary>
    public void WasCut(string how)
    {
        _ends.AddOrUpdate(how, 1, (_, count) => count + 1);
        Interlocked.Exchange(ref _lastEnd, Now.Ticks);
    }

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{Now.TotalSeconds:F0} s: open={Open} echoed={Messages} cut={Cut} {string.Join(' ', _ends.Select(end => $"[{end.Key}: {end.Value}]"))}");
}
