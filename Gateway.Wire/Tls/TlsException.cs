namespace Gateway.Wire.Tls;

/// <summary>OpenSSL cannot use its input.</summary>
public sealed class TlsException(string message) : Exception(message);
