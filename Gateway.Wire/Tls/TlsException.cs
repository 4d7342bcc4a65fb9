namespace Gateway.Wire.Tls;

/// <summary>OpenSSL cannot use what it was given.</summary>
public sealed class TlsException(string message) : Exception(message);
