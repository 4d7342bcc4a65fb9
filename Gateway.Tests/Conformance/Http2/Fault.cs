using Gateway.Http.Http2;

namespace Gateway.Tests.Conformance.Http2;

/// <summary>How a server ended a stream, or the whole connection.</summary>
/// <param name="Error">null: the connection was closed without an error.</param>
internal sealed record Fault(bool IsOfConnection, Http2Error? Error);
