using Gateway.Core.Pools;

namespace Gateway.Tests.EndToEnd;

[Trait("Engine", "kestrel")]
public sealed class Http2BackendTlsTests() : BackendTlsTests(BackendProtocol.Http2);
