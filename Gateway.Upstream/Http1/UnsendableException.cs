namespace Gateway.Upstream.Http1;

/// <summary>A request that cannot be written as HTTP/1.1; nothing of it has been sent.</summary>
internal sealed class UnsendableException(WriteFault fault) : Exception($"the request cannot be sent: {fault}");
