namespace Gateway.Node.Limiting;

/// <summary>What the requests of a rate limit are counted by.</summary>
public enum RateLimitKey
{
    /// <summary>The client's address.</summary>
    Client,

    /// <summary>A header field; the client's address where a request has none.</summary>
    Header,

    /// <summary>The certificate that the client has shown; the client's address where it has shown none.</summary>
    Certificate,

    /// <summary>Nothing: all requests of the limit share one bucket.</summary>
    Route,
}

/// <summary>
/// How many requests each key may send: a token bucket that holds <see cref="Burst"/> requests and gains <see cref="Requests"/> in each
/// <see cref="Per"/>. Each replica counts for itself.
/// </summary>
public sealed record RateLimitSettings
{
    /// <summary>Until an empty bucket is full again, at most.</summary>
    public static readonly TimeSpan LongestFilling = TimeSpan.FromDays(7);

    /// <summary>0 to 1,000,000; 0: no limit.</summary>
    public required int Requests { get; init; }

    /// <summary>Default 1 s, 1 s to 1 day.</summary>
    public TimeSpan Per { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Requests that may come at once. Default as many as <see cref="Requests"/>, 1 to 1,000,000.</summary>
    public int Burst { get; init; } = 1;

    public RateLimitKey By { get; init; }

    /// <summary>The header field's name; null unless requests are counted by one.</summary>
    public string? Field { get; init; }

    /// <summary>
    /// Keys that are remembered while their buckets are not full. Default 65,536, 64 to 10,000,000, 37 bytes each. Beyond it those that have used the
    /// least are forgotten, and begin with a full bucket again.
    /// </summary>
    public int MaxKeys { get; init; } = 65_536;

    /// <summary>Bits of an IPv6 address that stand for a client. Default 64, 32 to 128.</summary>
    public int Ipv6Prefix { get; init; } = 64;

    /// <summary>Until an empty bucket is full again.</summary>
    public TimeSpan Filling => Per * ((double)Burst / Math.Max(1, Requests));
}
