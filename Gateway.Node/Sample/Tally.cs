namespace Gateway.Node.Sample;

/// <summary>
/// A sample backend's counters. Requests are counted on arrival, whatever their outcome, so that a repeated POST shows even if none was answered. Methods and
/// paths are bounded sets; others are counted together.
/// </summary>
internal sealed class Tally
{
    public const int MaxPaths = 64;
    public const string Beyond = "other";

    /// <summary>As in the metric label <c>method</c>.</summary>
    public const string OtherMethod = "OTHER";

    private static readonly string[] Methods =
        ["GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH"];

    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, long> _byMethod = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, long> _byPath = new(StringComparer.Ordinal);
    private long _requests;
    private long _probes;
    private int _open;
    private int _connections;

    public void Begin(string method, string path)
    {
        lock (_gate)
        {
            _requests++;
            _open++;
            Count(_byMethod, Array.IndexOf(Methods, method) < 0 ? OtherMethod : method);
            Count(_byPath, _byPath.Count < MaxPaths || _byPath.ContainsKey(path) ? path : Beyond);
        }
    }

    public void End()
    {
        lock (_gate)
        {
            _open--;
        }
    }

    public void Probe()
    {
        lock (_gate)
        {
            _probes++;
        }
    }

    public void Connected()
    {
        lock (_gate)
        {
            _connections++;
        }
    }

    public void Disconnected()
    {
        lock (_gate)
        {
            _connections--;
        }
    }

    /// <summary>Resets the counts to 0, except those of open requests and connections.</summary>
    public void Reset()
    {
        lock (_gate)
        {
            _requests = _probes = 0;
            _byMethod.Clear();
            _byPath.Clear();
        }
    }

    public BackendCounts Read()
    {
        lock (_gate)
        {
            return new BackendCounts(
                _requests,
                _byMethod.GetValueOrDefault("POST"),
                _probes,
                new SortedDictionary<string, long>(_byMethod, StringComparer.Ordinal),
                new SortedDictionary<string, long>(_byPath, StringComparer.Ordinal),
                _open,
                _connections);
        }
    }

    private static void Count(SortedDictionary<string, long> counts, string key) =>
        counts[key] = counts.GetValueOrDefault(key) + 1;
}
