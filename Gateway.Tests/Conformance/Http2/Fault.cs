using Gateway.Http.Http2;

namespace Gateway.Tests.Conformance.Http2;

/// <summary>How a server ended a stream, or all of the connection.</summary>
/// <param name="Error">null: the connection was closed without a word.</param>
internal sealed record Fault(bool IsOfConnection, Http2Error? Error);
