using Gateway.Core.Connecting;

namespace Gateway.Tests.EndToEnd;

public sealed class Http2BackendTlsTests() : BackendTlsTests(BackendProtocol.Http2);
