using System.Globalization;

namespace Gateway.Node.Hosting;

/// <summary>The limit of open files, including connections, and the number of clients that it allows.</summary>
internal static class OpenFiles
{
    /// <summary>
    /// The process's own open files besides clients and backends, rounded up: the runtime opens every assembly twice (about 220 in all), plus event loops,
    /// listeners, logs, the cluster's connections, probes and the admin API's clients.
    /// </summary>
    public const int Own = 400;

    /// <summary>The fewest clients worth starting for.</summary>
    public const int MinClients = 16;

    private const string Nothing = "/dev/null";
    private const string LimitsFile = "/proc/self/limits";
    private const string LimitName = "Max open files";

    /// <summary>The limit in force (RLIMIT_NOFILE); null if unknown, as on systems without <c>/proc</c>, or unlimited.</summary>
    public static int? Limit()
    {
        if (!File.Exists(LimitsFile))
        {
            return null;
        }

        var line = File.ReadLines(LimitsFile).FirstOrDefault(line => line.StartsWith(LimitName, StringComparison.Ordinal));
        return LimitIn(line?[LimitName.Length..]);
    }

    /// <summary>The most clients connected at once: each may need a connection to a backend.</summary>
    /// <param name="wanted">The limit in the settings.</param>
    /// <param name="limit">Null: unknown.</param>
    /// <example>A limit of 1,024 leaves 312 clients.</example>
    public static int ClientsWithin(int wanted, int? limit) => limit is { } files ? Math.Min(wanted, Math.Max(0, (files - Own) / 2)) : wanted;

    /// <summary>The most clients of the admin API, or of the metrics address, connected at once; a share of a low limit.</summary>
    public static int ObserversWithin(int wanted, int? limit) => limit is { } files ? Math.Clamp(files / 16, 1, wanted) : wanted;

    /// <summary>Whether another file can be opened now.</summary>
    public static bool HaveRoom()
    {
        try
        {
            File.OpenHandle(Nothing).Dispose();
            return true;
        }
        catch (Exception error) when (error is IOException && File.Exists(Nothing))
        {
            return false;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return true; // Unknown on this system.
        }
    }

    /// <summary>Why the process cannot serve within its limit; null: it can.</summary>
    public static string? FaultOf(int? limit) => ClientsWithin(MinClients, limit) < MinClients
        ? string.Create(
            CultureInfo.InvariantCulture,
            $"the limit of open files is {limit}; at least {Own + (2 * MinClients)} are required (raise it with ulimit -n or LimitNOFILE=)")
        : null;

    /// <summary>The soft limit, from the rest of its line: <c>20000 20000 files</c>.</summary>
    internal static int? LimitIn(string? rest)
    {
        var first = rest?.Split(' ', StringSplitOptions.RemoveEmptyEntries).FirstOrDefault();
        return long.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) ? (int)Math.Min(limit, int.MaxValue) : null;
    }
}
