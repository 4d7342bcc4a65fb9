using System.Collections.Immutable;

namespace Gateway.Node.Settings;

/// <summary>The access log: where its lines go, how they look, and which requests get one.</summary>
public sealed record AccessLogSettings
{
    /// <summary>Stands for standard output in <see cref="To"/>.</summary>
    public const string StandardOutput = "-";

    /// <summary>The settings' defaults, to standard output.</summary>
    public static AccessLogSettings Default { get; } = new() { To = StandardOutput };

    /// <summary><c>-</c>, the path of a file, or <c>syslog:/path</c> or <c>syslog://host:port</c>.</summary>
    public required string To { get; init; }

    /// <summary>Default JSON, one object a line.</summary>
    public AccessLogFormat Format { get; init; }

    /// <summary>The share of requests that get a line. Default 1, 0 to 1; answers of 500 and above, and slow ones, always get one.</summary>
    public double Sample { get; init; } = 1;

    /// <summary>How long a request takes that gets a line whatever <see cref="Sample"/> says. Default 1 s, 1 ms to 1 h.</summary>
    public TimeSpan Slow { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Names of the request fields that are told, in lower case. Default Referer and User-Agent.</summary>
    public ImmutableArray<string> Fields { get; init; } = ["referer", "user-agent"];

    /// <summary>Names of the fields of which it is only told that they were there, in lower case. Default those that bear credentials.</summary>
    public ImmutableArray<string> Redact { get; init; } = ["authorization", "cookie", "proxy-authorization", "x-api-key"];

    /// <summary>Bytes beyond which the file is rotated. Default 100 MiB, 64 KiB to 2^40; 0: never.</summary>
    public long MaxSize { get; init; } = 100 * 1024 * 1024;

    /// <summary>Age beyond which the file is rotated at its next line. Default zero: never.</summary>
    public TimeSpan MaxAge { get; init; }

    /// <summary>Rotated files that are kept. Default 7, 0 to 1,000.</summary>
    public int Keep { get; init; } = 7;

    /// <summary>Lines that may wait for being written, for each event loop. Default 8,192, 64 to 1,048,576; beyond it they are dropped and counted.</summary>
    public int Queue { get; init; } = 8192;

    /// <summary>Lists are equal by what is in them.</summary>
    public bool Equals(AccessLogSettings? other) => other is not null && Text == other.Text;

    public override int GetHashCode() => Text.GetHashCode(StringComparison.Ordinal);

    private string Text => FormattableString.Invariant(
        $"{To} {Format} {Sample} {Slow} {string.Join(',', Fields)} {string.Join(',', Redact)} {MaxSize} {MaxAge} {Keep} {Queue}");
}
