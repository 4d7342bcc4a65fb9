using Gateway.Node.Settings;
using Gateway.Tests.EndToEnd;
using Gateway.Tests.EndToEnd.Backends;

namespace Gateway.Tests.Ingress;

/// <summary>
/// The same bytes, parsed by us and by Kestrel: the client gets the same status, and the backend the same request. Where they differ, both results are listed
/// in <see cref="Differing"/>.
/// </summary>
public sealed class TwoReadingsTests
{
    private const string Chunked = "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n";

    private const string Before = "Forwarded: for=127.0.0.1;proto=http;host=x | Host: x | Via: 1.1 test | ";
    private const string After = "X-Forwarded-For: 127.0.0.1 | X-Forwarded-Host: x | X-Forwarded-Proto: http | ";

    private static readonly (string Name, string Request)[] Requests =
    [
        ("plain", "GET /a?b=c HTTP/1.1\r\nHost: x\r\n\r\n"),
        ("head", "HEAD / HTTP/1.1\r\nHost: x\r\n\r\n"),
        ("http10", "GET / HTTP/1.0\r\n\r\n"),
        ("http10 host", "GET / HTTP/1.0\r\nHost: x\r\n\r\n"),
        ("http10 body", "POST / HTTP/1.0\r\nHost: x\r\nContent-Length: 2\r\n\r\nok"),
        ("http12", "GET / HTTP/1.2\r\nHost: x\r\n\r\n"),
        ("http2", "GET / HTTP/2.0\r\nHost: x\r\n\r\n"),
        ("http09", "GET /\r\n\r\n"),
        ("empty line before", "\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n"),
        ("own method", "PURGE / HTTP/1.1\r\nHost: x\r\n\r\n"),
        ("small method", "get / HTTP/1.1\r\nHost: x\r\n\r\n"),
        ("bad method", "GE(T / HTTP/1.1\r\nHost: x\r\n\r\n"),
        ("two spaces", "GET  / HTTP/1.1\r\nHost: x\r\n\r\n"),
        ("space in target", "GET /a b HTTP/1.1\r\nHost: x\r\n\r\n"),
        ("absolute", "GET http://y/a?b HTTP/1.1\r\nHost: x\r\n\r\n"),
        ("asterisk", "OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n"),
        ("asterisk of GET", "GET * HTTP/1.1\r\nHost: x\r\n\r\n"),
        ("relative", "GET a HTTP/1.1\r\nHost: x\r\n\r\n"),
        ("connect", "CONNECT y:80 HTTP/1.1\r\nHost: y:80\r\n\r\n"),
        ("dots", "GET /a/../b/./c HTTP/1.1\r\nHost: x\r\n\r\n"),
        ("too many dots", "GET /../../a HTTP/1.1\r\nHost: x\r\n\r\n"),
        ("encoded", "GET /a%2Fb%20c%zz?%00 HTTP/1.1\r\nHost: x\r\n\r\n"),
        ("nul", "GET /a%00b HTTP/1.1\r\nHost: x\r\n\r\n"),
        ("double slash", "GET //a//b HTTP/1.1\r\nHost: x\r\n\r\n"),
        ("latin target", "GET /\u00e9 HTTP/1.1\r\nHost: x\r\n\r\n"),
        ("fragment", "GET /a#b HTTP/1.1\r\nHost: x\r\n\r\n"),
        ("no host", "GET / HTTP/1.1\r\n\r\n"),
        ("empty host", "GET / HTTP/1.1\r\nHost:\r\n\r\n"),
        ("two hosts", "GET / HTTP/1.1\r\nHost: x\r\nHost: x\r\n\r\n"),
        ("bad host", "GET / HTTP/1.1\r\nHost: a b\r\n\r\n"),
        ("latin value", "GET / HTTP/1.1\r\nHost: x\r\nX-A: \u00e9\u00ff\r\n\r\n"),
        ("empty value", "GET / HTTP/1.1\r\nHost: x\r\nX-A:\r\nX-B:  \r\n\r\n"),
        ("white space", "GET / HTTP/1.1\r\nHost: x\r\nX-A: \t a\t b \t\r\n\r\n"),
        ("repeated", "GET / HTTP/1.1\r\nHost: x\r\nX-A: 1\r\nX-B: 2\r\nX-A: 3\r\nAccept: a\r\nAccept: b\r\n\r\n"),
        ("cookies", "GET / HTTP/1.1\r\nHost: x\r\nCookie: a=1\r\nCookie: b=2\r\n\r\n"),
        ("folded", "GET / HTTP/1.1\r\nHost: x\r\nX-A: 1\r\n 2\r\n\r\n"),
        ("space before colon", "GET / HTTP/1.1\r\nHost: x\r\nX-A : 1\r\n\r\n"),
        ("no colon", "GET / HTTP/1.1\r\nHost: x\r\nX-A\r\n\r\n"),
        ("empty name", "GET / HTTP/1.1\r\nHost: x\r\n: 1\r\n\r\n"),
        ("bad name", "GET / HTTP/1.1\r\nHost: x\r\nX(A: 1\r\n\r\n"),
        ("bare line feed", "GET / HTTP/1.1\r\nHost: x\nX-A: 1\r\n\r\n"),
        ("nul in value", "GET / HTTP/1.1\r\nHost: x\r\nX-A: 1\u00002\r\n\r\n"),
        ("control in value", "GET / HTTP/1.1\r\nHost: x\r\nX-A: 1\u00012\r\n\r\n"),
        ("length", "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nok"),
        ("length nought", "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n"),
        ("length of GET", "GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nok"),
        ("length with plus", "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: +2\r\n\r\nok"),
        ("negative length", "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -2\r\n\r\nok"),
        ("two lengths", "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\nok"),
        ("length list", "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2, 2\r\n\r\nok"),
        ("no length", "POST / HTTP/1.1\r\nHost: x\r\n\r\n"),
        ("chunks", Chunked + "\r\n2;a=b\r\nok\r\n1\r\n!\r\n0\r\nX-A: 1\r\n\r\n"),
        ("no chunks", Chunked + "\r\n0\r\n\r\n"),
        ("bad size", Chunked + "\r\nx\r\nok\r\n0\r\n\r\n"),
        ("large size", Chunked + "\r\nfffffffffffffffff\r\nok\r\n0\r\n\r\n"),
        ("bad chunk end", Chunked + "\r\n2\r\nokay\r\n0\r\n\r\n"),
        ("length and chunks", Chunked + "Content-Length: 5\r\n\r\n0\r\n\r\n"),
        ("chunked twice", Chunked + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
        ("gzip", "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n"),
        ("chunked in capitals", "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: CHUNKED\r\n\r\n2\r\nok\r\n0\r\n\r\n"),
        ("http10 chunks", "POST / HTTP/1.0\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
        ("close", "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"),
        ("named", "GET / HTTP/1.1\r\nHost: x\r\nConnection: X-A\r\nX-A: 1\r\nX-B: 2\r\n\r\n"),
        ("named twice", "GET / HTTP/1.1\r\nHost: x\r\nConnection: X-A\r\nConnection: X-B\r\nX-A: 1\r\nX-B: 2\r\n\r\n"),
        ("named beside keep-alive", "GET / HTTP/1.1\r\nHost: x\r\nConnection: keep-alive, X-A\r\nX-A: 1\r\n\r\n"),
        ("hop by hop", "GET / HTTP/1.1\r\nHost: x\r\nKeep-Alive: 5\r\nProxy-Connection: close\r\nTE: gzip, trailers\r\nUpgrade: h2c\r\n\r\n"),
        ("expectation", "POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\nok"),
        ("other expectation", "POST / HTTP/1.1\r\nHost: x\r\nExpect: x\r\nContent-Length: 2\r\n\r\nok"),
        ("earlier hops", "GET / HTTP/1.1\r\nHost: x\r\nVia: 1.0 y\r\nX-Forwarded-For: 1.2.3.4\r\nForwarded: for=1.2.3.4\r\n\r\n"),
        ("last stop", "OPTIONS / HTTP/1.1\r\nHost: x\r\nMax-Forwards: 0\r\n\r\n"),
        ("last but one", "OPTIONS / HTTP/1.1\r\nHost: x\r\nMax-Forwards: 1\r\n\r\n"),
        ("trace", "TRACE / HTTP/1.1\r\nHost: x\r\n\r\n"),
        ("health", "GET /health HTTP/1.1\r\nHost: x\r\n\r\n"),
        ("many fields", $"GET / HTTP/1.1\r\nHost: x\r\n{string.Concat(Enumerable.Range(0, 120).Select(i => $"X-{i}: 1\r\n"))}\r\n"),
        ("long target", $"GET /{new string('a', 17000)} HTTP/1.1\r\nHost: x\r\n\r\n"),
        ("large head", $"GET / HTTP/1.1\r\nHost: x\r\nX-A: {new string('a', 40000)}\r\n\r\n"),
    ];

    /// <summary>By name: our result, and Kestrel's.</summary>
    private static readonly Dictionary<string, (string Ours, string Kestrels)> Differing = new()
    {
        ["asterisk of GET"] = ("400", "405"),
        ["relative"] = ("400", "405"),
        ["large size"] = ("400", "no answer"), // Kestrel closes the connection.
        ["length with plus"] = ("400", $"200 | POST / HTTP/1.1 | Content-Length: 2 | {Before}{After}ok"), // It accepts any number.
        ["named beside keep-alive"] = ($"200 | GET / HTTP/1.1 | {Before}{After}", $"200 | GET / HTTP/1.1 | {Before}X-A: 1 | {After}"), // It ignores other names.
    };

    [Fact]
    public async Task Both_come_to_the_same_but_for_what_is_listed()
    {
        await using var backend = RawBackend.Start(async exchange =>
        {
            await exchange.ReadRequestAsync();
            await exchange.AnswerAsync(200, "ok");
        });
        await using var gateway = await TestGateway.StartAsync([backend.Address], settings: settings => settings with { HttpEngine = HttpEngine.Loops });
        await using var kestrel = await KestrelFront.StartAsync(gateway);
        var found = new List<string>();
        foreach (var (name, request) in Requests)
        {
            var (ours, kestrels) = (await ReadAsync(backend, gateway.Address, request), await ReadAsync(backend, kestrel.Address, request));
            var isListed = Differing.TryGetValue(name, out var listed);
            if (isListed ? listed != (ours, kestrels) : ours != kestrels)
            {
                found.Add($"{name}:\n  ours    {ours}\n  Kestrel {kestrels}");
            }
        }

        Assert.True(found.Count == 0, string.Join('\n', found));
    }

    /// <summary>The status and the backend's request; fields are sorted by name, since Kestrel does not keep the request's order.</summary>
    private static async Task<string> ReadAsync(RawBackend backend, Uri address, string request)
    {
        var before = backend.Requests.Count;
        var status = await StatusAsync(address, request);
        if (backend.Requests.Count == before)
        {
            return status;
        }

        var seen = backend.Requests[before];
        var fields = seen.Head.Lines.Select(line => line.Split(':', 2, StringSplitOptions.TrimEntries))
            .OrderBy(field => field[0], StringComparer.OrdinalIgnoreCase).Select(field => $"{field[0]}: {field[1]}");
        return string.Join(" | ", [status, seen.Head.StartLine, .. fields, seen.BodyText]);
    }

    private static async Task<string> StatusAsync(Uri address, string request)
    {
        try
        {
            return $"{(await RawClient.AskAsync(address, request)).Status}";
        }
        catch (EndOfStreamException)
        {
            return "no answer";
        }
    }
}
