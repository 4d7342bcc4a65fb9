using System.Net;
using Gateway.Node.Settings;
using Gateway.Tests.EndToEnd;
using Gateway.Tests.EndToEnd.Backends;
using Gateway.Tests.Engine.Http2;

namespace Gateway.Tests.Ingress;

/// <summary>
/// The same requests over HTTP/2, to our server and to Kestrel's: the client gets the same answer, and the backend the same request. Differences are listed in
/// <see cref="Differing"/>.
/// </summary>
public sealed class TwoHttp2ServersTests
{
    private static readonly string[] Methods = ["GET", "HEAD", "POST", "DELETE", "PURGE"];
    private static readonly string[] Bodies = ["none", "empty", "unknown length", "length", "trailers"];
    private static readonly string[] Answers = ["200", "204", "304", "404", "chunks", "trailers", "hints", "close", "call"];

    /// <summary>Texts that only one of the two produces, and why. Removed from both before they are compared.</summary>
    private static readonly (string Text, string Why)[] Differing =
    [
        ("103 [x-link: a] ", "Kestrel has no way to send interim answers"),
        ("[x-empty: ] ", "Kestrel leaves out fields of answers that are empty"),
    ];

    /// <summary>If Kestrel learns soon enough that a body is empty, it treats it as none: the result depends on timing.</summary>
    private const string EmptyBody = "TRANSFER-ENCODING: CHUNKED | ";

    private static readonly (string Name, string Value)[] Fields = [("x-a", "1"), ("cookie", "a=1"), ("cookie", "b=2"), ("te", "trailers"), ("x-b", "")];

    [Fact]
    public async Task Both_come_to_the_same_but_for_what_is_listed()
    {
        await using var backend = RawBackend.Start(AnswerAsync);
        await using var own = await StartAsync(backend, TestGateway.Engine);
        await using var other = await StartAsync(backend, HttpEngine.Kestrel);
        var found = new List<string>();
        foreach (var name in Methods.SelectMany(m => Bodies.SelectMany(b => Answers.Select(a => $"{m}, {b}, {a}"))))
        {
            var (ours, kestrels) = (await ReadAsync(backend, own.Http2Address, name), await ReadAsync(backend, other.Http2Address, name));
            if (Plain(ours, name) != Plain(kestrels, name))
            {
                found.Add($"{name}:\n  ours    {ours}\n  Kestrel {kestrels}");
            }
        }

        Assert.True(found.Count == 0, string.Join('\n', found));
    }

    private static string Plain(string text, string name)
    {
        var plain = Differing.Aggregate(text, (all, part) => all.Replace(part.Text, "", StringComparison.Ordinal));
        return name.Contains(", empty,", StringComparison.Ordinal) ? plain.Replace(EmptyBody, "", StringComparison.Ordinal) : plain;
    }

    /// <summary>The answer and the backend's request; fields are sorted by name, since Kestrel does not keep the request's order.</summary>
    private static async Task<string> ReadAsync(RawBackend backend, Uri address, string name)
    {
        var before = backend.Requests.Count;
        var parts = name.Split(", ");
        await using var client = await FrameClient.ConnectAsync(address);
        (string, string)[] framing = parts[1] switch
        {
            "length" => [("content-length", "5")],
            "trailers" => [("trailer", "x-sum")],
            _ => [],
        };
        client.Head(1, ends: parts[1] == "none", parts[0], $"/{parts[2]}", [.. Fields, .. framing]);
        switch (parts[1])
        {
            case "none":
                break;
            case "trailers":
                client.Data(1, "hello", ends: false).Trailers(1, ("x-sum", "7"));
                break;
            default:
                client.Data(1, parts[1] == "empty" ? "" : "hello", ends: true);
                break;
        }

        await client.SendAsync();
        var answer = await client.ReadAnswerAsync(1);
        await Eventually.IsAsync(() => backend.Requests.Count > before);
        var seen = backend.Requests[before];
        var fields = seen.Head.Lines.Select(line => line.Split(':', 2, StringSplitOptions.TrimEntries))
            .OrderBy(field => field[0], StringComparer.OrdinalIgnoreCase).Select(field => $"{field[0]}: {field[1]}".ToUpperInvariant());
        return string.Join(" | ", [answer, seen.Head.StartLine, .. fields, seen.BodyText, .. seen.Trailers.Select(line => line.ToUpperInvariant())]);
    }

    private static async Task AnswerAsync(RawExchange exchange)
    {
        var request = await exchange.ReadRequestAsync();
        var isHead = request.Head.StartLine.StartsWith("HEAD", StringComparison.Ordinal);
        await exchange.WriteAsync(request.Target switch
        {
            "/204" => "HTTP/1.1 204 No Content\r\nX-A: 1\r\n\r\n",
            "/304" => "HTTP/1.1 304 Not Modified\r\nX-A: 1\r\n\r\n",
            "/404" => $"HTTP/1.1 404 Not Found\r\nContent-Length: 4\r\nX-A: 1\r\n\r\n{(isHead ? "" : "gone")}",
            "/chunks" => $"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{(isHead ? "" : "2\r\nab\r\n1\r\nc\r\n0\r\n\r\n")}",
            "/trailers" => $"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n{(isHead ? "" : "2\r\nab\r\n0\r\nX-Sum: 7\r\n\r\n")}",
            "/hints" => $"HTTP/1.1 103 Early Hints\r\nX-Link: a\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{(isHead ? "" : "ok")}",
            "/close" => $"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{(isHead ? "" : "until the end")}",
            "/call" => "HTTP/1.1 200 OK\r\nContent-Type: application/grpc\r\nContent-Length: 0\r\nGrpc-Status: 5\r\n\r\n",
            _ => $"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX-A: 1\r\nX-Empty:\r\n\r\n{(isHead ? "" : "ok")}",
        });
        if (request.Target == "/close")
        {
            exchange.Close();
        }
    }

    private static Task<TestGateway> StartAsync(RawBackend backend, HttpEngine engine) => TestGateway.StartAsync(
        [backend.Address], settings: own => own with { HttpEngine = engine, Http2Address = new(IPAddress.Loopback, 0) });
}
