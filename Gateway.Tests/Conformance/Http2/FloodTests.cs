using Gateway.Http.Http2;
using Gateway.Tests.EndToEnd;
using Gateway.Tests.EndToEnd.Backends;

namespace Gateway.Tests.Conformance.Http2;

/// <summary>
/// Floods that cost the client nothing (RFC 9113 10.5), beyond those in the server's own tests: all end the connection, and bring the backend only a few
/// requests.
/// </summary>
public sealed class FloodTests
{
    private const int Many = 6_000;

    public static TheoryData<string> OwnFaults => ["widening by nothing", "widening beyond", "priority of four bytes", "a stream of itself", "data behind the end", "head behind the end"];

    /// <summary>CVE-2023-44487: each request is reset at once, so that the limit of streams is never reached.</summary>
    [Fact]
    public async Task Requests_that_are_reset_at_once_end_the_connection_and_few_reach_the_backend()
    {
        await using var server = await FrameServer.StartAsync(RawScripts.Hang);
        await using var client = await server.ConnectAsync();
        for (var i = 0; i < Many && !client.IsClosed; i += 100)
        {
            await client.WriteAsync(Concat(Enumerable.Range(i, 100).Select(n => (byte[])[.. Get(n), .. Reset(n)])));
        }

        await AssertEndedAsync(server, client);
        static byte[] Reset(int n) => FrameClient.Frame(FrameType.RstStream, 0, (2 * n) + 1, FrameClient.Number((uint)Http2Error.Cancel));
    }

    /// <summary>CVE-2025-8671: the client makes the server reset each of its requests.</summary>
    [OwnHttp2Theory]
    [MemberData(nameof(OwnFaults))]
    public async Task Requests_that_the_gateway_is_made_to_reset_end_the_connection_and_few_reach_the_backend(string fault)
    {
        await using var server = await FrameServer.StartAsync(RawScripts.Hang);
        await using var client = await server.ConnectAsync();
        for (var i = 0; i < Many && !client.IsClosed; i += 100)
        {
            await client.WriteAsync(Concat(Enumerable.Range(i, 100).Select(n => (byte[])[.. fault == "a stream of itself" ? [] : Get(n), .. Broken(fault, (2 * n) + 1)])));
        }

        await AssertEndedAsync(server, client);
    }

    /// <summary>CVE-2024-27316: a head that never ends.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(8_000)]
    public async Task A_head_without_an_end_ends_the_connection_before_it_takes_memory(int size)
    {
        await using var server = await FrameServer.StartAsync();
        await using var client = await server.ConnectAsync();
        await client.SendAsync(FrameType.Headers, FrameFlags.EndStream, 1, RequestFields.Block(RequestFields.Head()));
        var field = size == 0 ? [] : RequestFields.Block(("x", new string('a', size)));
        for (var i = 0; i < Many && !client.IsClosed; i++)
        {
            await client.SendAsync(FrameType.Continuation, 0, 1, field);
        }

        Assert.Contains(await client.EndAsync(), (Http2Error?[])[Http2Error.EnhanceYourCalm, null]);
        Assert.Empty(server.Backend.Requests);
    }

    /// <summary>CVE-2019-9516: empty fields that are stored.</summary>
    [Fact]
    public async Task Fields_without_name_and_value_are_refused()
    {
        await using var server = await FrameServer.StartAsync();
        await using var client = await server.ConnectAsync();
        byte[] nothing = [.. RequestFields.Block(RequestFields.Head()), .. Enumerable.Repeat<byte[]>([0x40, 0, 0], 4_000).SelectMany(field => field)];
        await client.SendAsync(FrameType.Headers, FrameFlags.EndStream | FrameFlags.EndHeaders, 1, nothing);

        await client.UntilAsync(() => client.Of(1).HasEnded || client.GoAway is not null);
        Assert.True(FrameServer.IsKestrel ? client.GoAway is not null || client.Of(1).HasEnded : client.Of(1).Status == 431, $"{client.Of(1).Status} {client.GoAway}");
        Assert.Empty(server.Backend.Requests);
    }

    [OwnHttp2Theory]
    [InlineData("the connection's window")]
    [InlineData("data for a stream that was ended")]
    public async Task Frames_that_cost_a_client_nothing_are_counted_on_the_connection_too(string kind)
    {
        await using var server = await FrameServer.StartAsync();
        await using var client = await server.ConnectAsync();
        if (kind != "the connection's window")
        {
            await client.HeadersAsync(1, false, RequestFields.Head("POST", "/health"));
            await client.AnswerAsync(1);
        }

        var frame = kind == "the connection's window" ? FrameClient.Frame(FrameType.WindowUpdate, 0, 0, 0, 0, 0, 1) : FrameClient.Frame(FrameType.Data, 0, 1, 1);
        for (var i = 0; i < Many && !client.IsClosed; i += 1_000)
        {
            await client.WriteAsync(Concat(Enumerable.Repeat(frame, 1_000)));
        }

        Assert.Contains(await client.EndAsync(), (Http2Error?[])[Http2Error.EnhanceYourCalm, null]);
    }

    private static byte[] Get(int n) =>
        FrameClient.Frame(FrameType.Headers, FrameFlags.EndHeaders | FrameFlags.EndStream, (2 * n) + 1, RequestFields.Block(RequestFields.Head("GET", "/flood")));

    private static byte[] Broken(string fault, int stream) => fault switch
    {
        "widening by nothing" => FrameClient.Frame(FrameType.WindowUpdate, 0, stream, 0, 0, 0, 0),
        "widening beyond" => FrameClient.Frame(FrameType.WindowUpdate, 0, stream, 0x7f, 0xff, 0xff, 0xff),
        "priority of four bytes" => FrameClient.Frame(FrameType.Priority, 0, stream, 0, 0, 0, 0),
        "a stream of itself" => FrameClient.Frame(
            FrameType.Headers, FrameFlags.Priority | FrameFlags.EndHeaders | FrameFlags.EndStream, stream, [.. FrameClient.Number((uint)stream), 16, .. RequestFields.Block(RequestFields.Head())]),
        "data behind the end" => FrameClient.Frame(FrameType.Data, FrameFlags.EndStream, stream, 1),
        _ => FrameClient.Frame(FrameType.Headers, FrameFlags.EndHeaders | FrameFlags.EndStream, stream, RequestFields.Block(("x", "y"))),
    };

    private static byte[] Concat(IEnumerable<byte[]> frames) => [.. frames.SelectMany(frame => frame)];

    private static async Task AssertEndedAsync(FrameServer server, FrameClient client)
    {
        Assert.Contains(await client.EndAsync(), (Http2Error?[])[Http2Error.EnhanceYourCalm, null]);
        Assert.InRange(server.Backend.Requests.Count, 0, 1_000);
        await Eventually.IsAsync(async () => await server.Gateway.MetricAsync("gateway_active_requests") == 0);
        await using var other = await server.ConnectAsync();
        await other.GetAsync(1, "/health");
        Assert.Equal(200, (await other.AnswerAsync(1)).Status);
    }
}
