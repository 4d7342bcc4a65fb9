using Gateway.Core.Pools;

namespace Gateway.Tests.EndToEnd;

public sealed class Http1BackendTlsTests() : BackendTlsTests(BackendProtocol.Http1);
