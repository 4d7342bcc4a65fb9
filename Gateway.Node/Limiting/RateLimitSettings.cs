namespace Gateway.Node.Limiting;

/// <summary>The key by which a rate limit counts requests.</summary>
public enum RateLimitKey
{
    /// <summary>The client's address.</summary>
    Client,

    /// <summary>A header field; the client's address if a request has none.</summary>
    Header,

    /// <summary>The client's certificate; the client's address if it has none.</summary>
    Certificate,

    /// <summary>None: all requests of the limit share one bucket.</summary>
    Route,
}

/// <summary>
/// A rate limit per key: a token bucket of <see cref="Burst"/> requests that gains <see cref="Requests"/> per <see cref="Per"/>. Each replica counts
/// separately.
/// </summary>
public sealed record RateLimitSettings
{
    /// <summary>The longest time in which an empty bucket may fill.</summary>
    public static readonly TimeSpan MaxFillTime = TimeSpan.FromDays(7);

    /// <summary>0 to 1,000,000; 0: no limit.</summary>
    public required int Requests { get; init; }

    /// <summary>Default 1 s, 1 s to 1 day.</summary>
    public TimeSpan Per { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The most requests at once. Default <see cref="Requests"/>, 1 to 1,000,000.</summary>
    public int Burst { get; init; } = 1;

    public RateLimitKey By { get; init; }

    /// <summary>The header field's name; null unless counted by one.</summary>
    public string? Field { get; init; }

    /// <summary>
    /// The keys remembered while their buckets are not full. Default 65,536, 64 to 10,000,000, 37 bytes each. Beyond it, the least used ones are forgotten and
    /// start with a full bucket again.
    /// </summary>
    public int MaxKeys { get; init; } = 65_536;

    /// <summary>The bits of an IPv6 address that identify a client. Default 64, 32 to 128.</summary>
    public int Ipv6Prefix { get; init; } = 64;

    /// <summary>The time in which an empty bucket fills.</summary>
    public TimeSpan Filling => Per * ((double)Burst / Math.Max(1, Requests));
}
