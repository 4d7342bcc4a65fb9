namespace Gateway.Node.Routing;

/// <summary>How a client's endpoint is chosen.</summary>
public enum AffinityKind
{
    /// <summary>By a cookie that names the endpoint that answered first.</summary>
    Cookie,

    /// <summary>By the client's address; the forwarded one if the peer is a trusted proxy.</summary>
    Client,

    /// <summary>By the value of a field.</summary>
    Header,

    /// <summary>By the decoded value of a query parameter.</summary>
    Query,
}

/// <summary>Keeps a client at one endpoint: by a cookie at the one that answered first, or by a hash of a property of the request.</summary>
public sealed record AffinitySettings
{
    public const string DefaultCookie = "gateway-affinity";

    /// <summary>Default cookie.</summary>
    public AffinityKind By { get; init; }

    /// <summary>The name of the field or query parameter; null for the other kinds. Requests without it have no affinity.</summary>
    public string? Name { get; init; }

    /// <summary>
    /// The file with the key for cookies, the same on every replica: see <see cref="AffinityKey"/>. Read when settings are applied. null without cookies.
    /// </summary>
    public string? KeyFile { get; init; }

    /// <summary>The name of the cookie.</summary>
    public string Cookie { get; init; } = DefaultCookie;

    /// <summary>The cookie's lifetime. Default null: until the client's session ends; 1 s to 400 days.</summary>
    public TimeSpan? MaxAge { get; init; }

    /// <summary>Default Lax.</summary>
    public SameSiteMode SameSite { get; init; } = SameSiteMode.Lax;

    /// <summary>Whether the cookie is for HTTPS only. Default off.</summary>
    public bool Secure { get; init; }
}
