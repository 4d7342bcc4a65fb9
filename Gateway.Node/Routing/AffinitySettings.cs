namespace Gateway.Node.Routing;

/// <summary>Keeps a client at the endpoint that answered it first, by a cookie.</summary>
public sealed record AffinitySettings
{
    public const string DefaultCookie = "gateway-affinity";

    /// <summary>The file with the key that cookies are made with, the same at every replica: see <see cref="AffinityKey"/>. Read when settings come into force.</summary>
    public required string KeyFile { get; init; }

    /// <summary>The name of the cookie.</summary>
    public string Cookie { get; init; } = DefaultCookie;

    /// <summary>How long a client keeps it. Default null: until its session ends; 1 s to 400 days.</summary>
    public TimeSpan? MaxAge { get; init; }

    /// <summary>Default Lax.</summary>
    public SameSiteMode SameSite { get; init; } = SameSiteMode.Lax;

    /// <summary>Whether it is for HTTPS alone. Default off.</summary>
    public bool Secure { get; init; }
}
