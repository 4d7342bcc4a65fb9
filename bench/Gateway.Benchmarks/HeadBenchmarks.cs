using System.Text;
using BenchmarkDotNet.Attributes;
using Gateway.Http;

namespace Gateway.Benchmarks;

/// <summary>The two heads of an exchange, read by the engine's parsers. Each is read once per exchange.</summary>
[MemoryDiagnoser]
public class HeadBenchmarks
{
    private static readonly byte[] Request = Encoding.ASCII.GetBytes(
        "GET /index.html?a=b HTTP/1.1\r\nHost: 127.0.0.1:8080\r\nUser-Agent: bench/1.0\r\nAccept: text/html\r\nAccept-Encoding: gzip\r\nCookie: a=b; c=d\r\n\r\n");

    private static readonly byte[] Answer = Encoding.ASCII.GetBytes(
        "HTTP/1.1 200 OK\r\nServer: bench\r\nDate: Sat, 28 Nov 2026 12:00:00 GMT\r\nContent-Type: text/plain\r\nContent-Length: 70\r\nConnection: keep-alive\r\n\r\n");

    private readonly RequestHead _request = new(HttpLimits.Default);
    private readonly ResponseHead _answer = new(HttpLimits.Default);

    [Benchmark]
    public HeadState ParseRequest() => _request.Parse(Request);

    [Benchmark]
    public HeadState ParseAnswer() => _answer.Parse(Answer);
}
