namespace Gateway.Node.Routing;

/// <summary>What decides which endpoint a client is kept at.</summary>
public enum AffinityKind
{
    /// <summary>A cookie that names the endpoint that answered it first.</summary>
    Cookie,

    /// <summary>The client's address: the forwarded one where the peer is a trusted proxy.</summary>
    Client,

    /// <summary>The value of a field.</summary>
    Header,

    /// <summary>The value of a parameter of the query, decoded.</summary>
    Query,
}

/// <summary>Keeps a client at one endpoint: by a cookie at the one that answered it first, or at one that a hash of the request names.</summary>
public sealed record AffinitySettings
{
    public const string DefaultCookie = "gateway-affinity";

    /// <summary>Default a cookie.</summary>
    public AffinityKind By { get; init; }

    /// <summary>The field, or the parameter of the query, that decides; null with the other kinds. A request without it is kept nowhere.</summary>
    public string? Name { get; init; }

    /// <summary>
    /// The file with the key that cookies are made with, the same at every replica: see <see cref="AffinityKey"/>. Read when settings come into force. null where no
    /// cookies are made.
    /// </summary>
    public string? KeyFile { get; init; }

    /// <summary>The name of the cookie.</summary>
    public string Cookie { get; init; } = DefaultCookie;

    /// <summary>How long a client keeps it. Default null: until its session ends; 1 s to 400 days.</summary>
    public TimeSpan? MaxAge { get; init; }

    /// <summary>Default Lax.</summary>
    public SameSiteMode SameSite { get; init; } = SameSiteMode.Lax;

    /// <summary>Whether it is for HTTPS alone. Default off.</summary>
    public bool Secure { get; init; }
}
