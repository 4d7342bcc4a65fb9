using System.Collections.Concurrent;
using System.Globalization;

namespace Gateway.Rig.Churning;

/// <summary>The results. Thread-safe.</summary>
internal sealed class ChurnTally(Action<string> say)
{
    private const int MaxReported = 20;

    private readonly ConcurrentDictionary<string, int> _answers = new(StringComparer.Ordinal);
    private int _wrong;
    private int _connections;
    private int _brokenOfBackends;

    /// <summary>Errors that must never happen: an answer to another request, a wrong body, no answer.</summary>
    public int WrongCount => _wrong;

    public void Wrong(string what)
    {
        if (Interlocked.Increment(ref _wrong) <= MaxReported)
        {
            say("WRONG " + what);
        }
    }

    public void Connected() => Interlocked.Increment(ref _connections);

    public void BackendConnectionsBroken() => Interlocked.Increment(ref _brokenOfBackends);

    public void Answered(string kind) => _answers.AddOrUpdate(kind, 1, (_, count) => count + 1);

    /// <summary>All counts, in one line.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"connections={_connections} broken_at_backends={_brokenOfBackends} wrong={_wrong} {string.Join(' ', _answers.OrderBy(a => a.Key, StringComparer.Ordinal).Select(a => $"{a.Key}={a.Value}"))}");
}
