namespace Gateway.Node.Settings;

/// <summary>What browsers are told of TLS (RFC 6797): to use nothing else for this host.</summary>
/// <param name="MaxAge">For how long, from each answer on; to the second. Zero: they forget it.</param>
/// <param name="IncludeSubDomains">Whether it holds for all names below the host's too.</param>
public sealed record HstsSettings(TimeSpan MaxAge, bool IncludeSubDomains = false);
