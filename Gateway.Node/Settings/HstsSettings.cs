namespace Gateway.Node.Settings;

/// <summary>HSTS (RFC 6797): tells browsers to use only TLS for this host.</summary>
/// <param name="MaxAge">The duration, from each answer on, in whole seconds. Zero: they forget it.</param>
/// <param name="IncludeSubDomains">Whether it also applies to all names below the host.</param>
public sealed record HstsSettings(TimeSpan MaxAge, bool IncludeSubDomains = false);
