using System.Globalization;
using System.Text;
using Gateway.Tests.EndToEnd.Backends;

namespace Gateway.Tests.Conformance;

/// <summary>Bodies: complete, framed as the other side can read them, and passed on as they arrive.</summary>
public sealed class BodyTests
{
    private const string Get = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
    private const int Half = 5 * 1024 * 1024 / 2;

    private static readonly byte[] FirstHalf = [.. Enumerable.Range(0, Half).Select(i => (byte)(i * 7))];
    private static readonly byte[] SecondHalf = [.. Enumerable.Range(0, Half).Select(i => (byte)(i * 11))];

    [Theory]
    [InlineData("Content-Length: 11\r\n\r\nhello world", "hello world")]
    [InlineData("Content-Length: 0\r\n\r\n", "")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n", "hello world")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n05;ext=\"a;b\"\r\nhello\r\n0\r\nX-Trailer: 1\r\n\r\n", "hello")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "")]
    public async Task A_request_body_arrives_in_its_own_framing(string request, string body)
    {
        await using var passage = await Passage.StartAsync();
        var seen = await passage.SendAsync($"POST / HTTP/1.1\r\nHost: x\r\n{request}");
        Assert.Equal((body, true), (seen.BodyText, seen.BodyWhole));
        var chunked = request.StartsWith('T');
        Assert.Equal(chunked ? null : request.Split(' ', '\r')[1], seen.Head.Value("Content-Length"));
        Assert.Equal(chunked ? "chunked" : null, seen.Head.Value("Transfer-Encoding"));
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("DELETE")]
    [InlineData("OPTIONS")]
    [InlineData("PROPFIND")]
    public async Task Any_method_may_have_a_body(string method)
    {
        await using var passage = await Passage.StartAsync();
        var seen = await passage.SendAsync($"{method} / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello");
        Assert.Equal((method, "hello"), (seen.Method, seen.BodyText));
    }

    [Theory]
    [InlineData("Content-Length: 11\r\n\r\nhello world", RawFraming.ContentLength)]
    [InlineData("Content-Length: 0\r\n\r\n", RawFraming.ContentLength)]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6;x=1\r\n world\r\n0\r\nX-Trailer: 1\r\n\r\n", RawFraming.Chunked)]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n5;a=\"\r\nhello\r\n6\r\n world\r\n0\r\n\r\n", RawFraming.Chunked)]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", RawFraming.ContentLength)]
    [InlineData("\r\nhello world", RawFraming.Chunked)]
    public async Task An_answer_is_framed_so_that_the_client_knows_its_end(string answer, RawFraming framing)
    {
        await using var passage = await Passage.AnsweringAsync($"HTTP/1.1 200 OK\r\n{answer}");
        await using var client = await passage.ConnectAsync();
        await client.SendAsync(Get);
        var seen = await client.ReadAnswerAsync();
        Assert.Equal((framing, true), (seen.Body.Framing, seen.Body.Whole));
        Assert.Equal(answer.Contains("world", StringComparison.Ordinal) ? "hello world" : "", seen.BodyText);
        await Passage.SettleAsync(client);
    }

    [Theory]
    [InlineData("HEAD", "HTTP/1.1 200 OK\r\nContent-Length: 1234\r\n\r\n", "1234")]
    [InlineData("HEAD", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", null)]
    [InlineData("HEAD", "HTTP/1.1 404 Not Found\r\nContent-Length: 9\r\n\r\n", "9")]
    [InlineData("GET", "HTTP/1.1 204 No Content\r\n\r\n", null)]
    [InlineData("GET", "HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\r\n", null)]
    [InlineData("GET", "HTTP/1.1 204 No Content\r\nContent-Length: 7\r\n\r\n", null)]
    [InlineData("GET", "HTTP/1.1 204 No Content\r\nContent-Length: 7, 7\r\n\r\n", null)]
    [InlineData("GET", "HTTP/1.1 204 No Content\r\nTransfer-Encoding: chunked\r\n\r\n", null)]
    [InlineData("GET", "HTTP/1.1 304 Not Modified\r\nContent-Length: 1234\r\nETag: \"x\"\r\n\r\n", "1234")]
    [InlineData("GET", "HTTP/1.1 304 Not Modified\r\n\r\n", null)]
    public async Task An_answer_that_has_no_body_gets_none(string method, string answer, string? length)
    {
        await using var passage = await Passage.StartAsync(RawScripts.InTurn(
            async exchange =>
            {
                await exchange.ReadRequestAsync();
                await exchange.WriteAsync(answer);
            },
            RawScripts.Answer(200, "next")));
        await using var client = await passage.ConnectAsync();
        await client.SendAsync($"{method} / HTTP/1.1\r\nHost: x\r\n\r\n{Get}");
        var seen = await client.ReadAnswerAsync(method);
        Assert.Equal(answer.Split(' ')[1], seen.Status.ToString(CultureInfo.InvariantCulture));
        Assert.Equal(length, seen.Head.Value("Content-Length"));
        Assert.Equal("next", (await client.ReadAnswerAsync()).BodyText);
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nhalf")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n8\r\nan")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n0\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\nnot a size\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf too long\r\n")]
    public async Task A_body_that_breaks_off_looks_broken_off(string answer)
    {
        var seen = new TaskCompletionSource();
        await using var passage = await Passage.StartAsync(async exchange =>
        {
            await exchange.ReadRequestAsync();
            var begin = answer.IndexOf("half", StringComparison.Ordinal) + 4;
            await exchange.WriteAsync(answer[..begin]);
            await seen.Task.WaitAsync(exchange.Stopping);
            await exchange.WriteAsync(answer[begin..]);
            exchange.Close();
        });
        await using var client = await passage.ConnectAsync();
        await client.SendAsync(Get);
        await client.ReadHeadAsync();
        var first = await client.ReadBytesAsync(4);
        seen.SetResult();
        var all = Encoding.Latin1.GetString([.. first, .. await client.ReadToEndAsync()]);
        Assert.DoesNotContain("0\r\n\r\n", all, StringComparison.Ordinal);
        Assert.Equal(RawEnd.Reset, client.End);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_answer_streams(bool chunked)
    {
        var halfSeen = new TaskCompletionSource();
        await using var passage = await Passage.StartAsync(async exchange =>
        {
            await exchange.ReadRequestAsync();
            await exchange.WriteAsync("HTTP/1.1 200 OK\r\n" + Framing(chunked));
            await exchange.WriteAsync(Chunk(FirstHalf, chunked));
            await halfSeen.Task.WaitAsync(exchange.Stopping);
            await exchange.WriteAsync(Chunk(SecondHalf, chunked));
            await exchange.WriteAsync(chunked ? "0\r\n\r\n" : "");
        });
        await using var client = await passage.ConnectAsync();
        await client.SendAsync(Get);
        var body = new BodyReader(client, chunked, await client.ReadHeadAsync());
        Assert.Equal(FirstHalf, await body.ReadAsync(Half));
        halfSeen.SetResult();
        Assert.Equal(SecondHalf, await body.ReadAsync(Half));
        await body.ReadEndAsync();
        await Passage.SettleAsync(client);
    }

    /// <summary>Sizes around the first receive, written before the body's head, and read in one piece; with the head or after it.</summary>
    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public async Task Answers_of_any_size_follow_one_another_whole(bool chunked, bool withHead)
    {
        int[] sizes = [1, 1023, 1024, 1025, 1025, 8000, 8191, 8192, 8193, 16_384, 65_535, 65_536, 65_537, 200_000, 10, 10];
        await using var passage = await Passage.StartAsync(async exchange =>
        {
            var request = await exchange.ReadRequestAsync();
            var body = FirstHalf[..int.Parse(request.Target[1..], CultureInfo.InvariantCulture)];
            var head = Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\n{(chunked ? "Transfer-Encoding: chunked" : $"Content-Length: {body.Length}")}\r\n\r\n");
            byte[] framed = [.. Chunk(body, chunked), .. chunked ? "0\r\n\r\n"u8 : ""u8];
            if (withHead)
            {
                await exchange.WriteAsync((byte[])[.. head, .. framed]);
                return;
            }

            await exchange.WriteAsync(head);
            await exchange.WriteAsync(framed);
        });
        await using var client = await passage.ConnectAsync();
        foreach (var size in sizes)
        {
            await client.SendAsync($"GET /{size} HTTP/1.1\r\nHost: x\r\n\r\n");
            var seen = await client.ReadAnswerAsync();
            Assert.True(seen.Body.Whole);
            Assert.Equal(Encoding.Latin1.GetString(FirstHalf, 0, size), seen.BodyText);
        }

        await Passage.SettleAsync(client);
        Assert.All(passage.Backend.Requests, request => Assert.Equal(0, request.Connection));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_request_streams(bool chunked)
    {
        await using var passage = await Passage.StartAsync();
        await using var client = await passage.ConnectAsync();
        await client.SendAsync("POST / HTTP/1.1\r\nHost: x\r\n" + Framing(chunked));
        await client.SendAsync(Chunk(FirstHalf, chunked));
        var request = await passage.Backend.WaitForRequestAsync(request => request.BodyLength >= Half);
        Assert.False(request.BodyWhole);
        await client.SendAsync(Chunk(SecondHalf, chunked));
        await client.SendAsync(chunked ? "0\r\n\r\n" : "");
        Assert.Equal(200, (await client.ReadAnswerAsync()).Status);
        Assert.Equal([.. FirstHalf, .. SecondHalf], request.Body);
    }

    [Fact]
    public async Task A_request_body_that_breaks_off_never_looks_whole_to_the_backend()
    {
        var ended = new TaskCompletionSource<bool>();
        await using var passage = await Passage.StartAsync(async exchange =>
        {
            await exchange.ReadHeadAsync();
            ended.SetResult((await exchange.ReadBodyAsync()).BodyWhole);
            exchange.Close();
        });
        await using (var client = await passage.ConnectAsync())
        {
            await client.SendAsync("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nhalf");
            await passage.Backend.WaitForRequestsAsync(1);
            client.Reset();
        }

        Assert.False(await ended.Task.WaitAsync(RawBackend.WaitTimeout));
    }

    private static string Framing(bool chunked) => chunked ? "Transfer-Encoding: chunked\r\n\r\n" : $"Content-Length: {2 * Half}\r\n\r\n";

    private static byte[] Chunk(byte[] bytes, bool chunked) => chunked
        ? [.. Encoding.ASCII.GetBytes($"{bytes.Length:x}\r\n"), .. bytes, .. "\r\n"u8]
        : bytes;
}
