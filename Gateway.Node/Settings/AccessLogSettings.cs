using System.Collections.Immutable;

namespace Gateway.Node.Settings;

/// <summary>The access log: its destination, its format, and which requests are logged.</summary>
public sealed record AccessLogSettings
{
    /// <summary>Means standard output in <see cref="To"/>.</summary>
    public const string StandardOutput = "-";

    /// <summary>Default settings, to standard output.</summary>
    public static AccessLogSettings Default { get; } = new() { To = StandardOutput };

    /// <summary><c>-</c>, the path of a file, or <c>syslog:/path</c> or <c>syslog://host:port</c>.</summary>
    public required string To { get; init; }

    /// <summary>Default JSON, one object per line.</summary>
    public AccessLogFormat Format { get; init; }

    /// <summary>The share of requests logged. Default 1, 0 to 1; answers of 500 and above, and slow ones, are always logged.</summary>
    public double Sample { get; init; } = 1;

    /// <summary>The duration from which a request is logged regardless of <see cref="Sample"/>. Default 1 s, 1 ms to 1 h.</summary>
    public TimeSpan Slow { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Names of the request fields logged, in lower case. Default Referer and User-Agent.</summary>
    public ImmutableArray<string> Fields { get; init; } = ["referer", "user-agent"];

    /// <summary>Names of the fields of which only the presence is logged, in lower case. Default those with credentials.</summary>
    public ImmutableArray<string> Redact { get; init; } = ["authorization", "cookie", "proxy-authorization", "x-api-key"];

    /// <summary>The size in bytes beyond which the file is rotated. Default 100 MiB, 64 KiB to 2^40; 0: never.</summary>
    public long MaxSize { get; init; } = 100 * 1024 * 1024;

    /// <summary>The age beyond which the file is rotated at its next line. Default zero: never.</summary>
    public TimeSpan MaxAge { get; init; }

    /// <summary>The number of rotated files kept. Default 7, 0 to 1,000.</summary>
    public int Keep { get; init; } = 7;

    /// <summary>The most lines waiting to be written, per event loop. Default 8,192, 64 to 1,048,576; further ones are dropped and counted.</summary>
    public int Queue { get; init; } = 8192;

    /// <summary>Compares lists by content.</summary>
    public bool Equals(AccessLogSettings? other) => other is not null && Text == other.Text;

    public override int GetHashCode() => Text.GetHashCode(StringComparison.Ordinal);

    private string Text => FormattableString.Invariant(
        $"{To} {Format} {Sample} {Slow} {string.Join(',', Fields)} {string.Join(',', Redact)} {MaxSize} {MaxAge} {Keep} {Queue}");
}
