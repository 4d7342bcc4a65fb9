using System.Net.Sockets;

namespace Gateway.Tests.EndToEnd.Backends;

public sealed class RawBackendTests
{
    private const string Get = "GET /a HTTP/1.1\r\nHost: x\r\n\r\n";

    [Fact]
    public async Task It_remembers_requests_byte_for_byte_and_in_order()
    {
        await using var backend = RawBackend.Start(RawScripts.Answer());
        await using var client = await RawClient.ConnectAsync(backend.Address);
        await client.SendAsync(
            "PUT /a%2f?b HTTP/1.1\r\nHOST:x\r\nX-A:  1 \r\nx-a: 2\r\nTransfer-Encoding: chunked\r\n\r\n3;e=1\r\nabc\r\n1\r\nd\r\n0\r\nT: 1\r\n\r\n" + Get);
        await client.ReadAnswerAsync();
        await client.ReadAnswerAsync();

        var seen = backend.Requests;
        Assert.Equal(["PUT", "GET"], seen.Select(request => request.Method));
        Assert.Equal("/a%2f?b", seen[0].Target);
        Assert.Equal(["HOST:x", "X-A:  1 ", "x-a: 2", "Transfer-Encoding: chunked"], seen[0].Head.Lines);
        Assert.Equal("abcd", seen[0].BodyText);
        Assert.Equal([(0, 0), (0, 1)], seen.Select(request => (request.Connection, request.NumberOnConnection)));
    }

    [Fact]
    public async Task A_test_can_wait_for_a_request()
    {
        await using var backend = RawBackend.Start(RawScripts.Answer());
        var wanted = backend.WaitForRequestAsync(request => request.BodyText == "hello");
        var two = backend.WaitForRequestsAsync(2);
        await RawClient.AskAsync(backend.Address, Get);
        Assert.False(wanted.IsCompleted || two.IsCompleted);

        await RawClient.AskAsync(backend.Address, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello");

        Assert.Equal("POST", (await wanted).Method);
        Assert.Equal(2, (await two).Count);
    }

    [Fact]
    public async Task A_wait_in_vain_tells_what_was_seen()
    {
        await using var backend = RawBackend.Start(RawScripts.Answer());
        await RawClient.AskAsync(backend.Address, Get);

        var fault = await Assert.ThrowsAsync<TimeoutException>(() => backend.WaitForRequestsAsync(2, TimeSpan.Zero));
        Assert.Contains("GET /a HTTP/1.1 (0 bytes)", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refused_address_refuses()
    {
        using var refused = RawBackend.RefusedAddress();
        var fault = await Assert.ThrowsAsync<SocketException>(() => RawClient.ConnectAsync(refused.Address));
        Assert.Equal(SocketError.ConnectionRefused, fault.SocketErrorCode);
    }

    [Fact]
    public async Task It_can_die_and_return_on_the_same_port()
    {
        await using var backend = RawBackend.Start(RawScripts.Answer());
        await using var kept = await RawClient.ConnectAsync(backend.Address);
        await kept.SendAsync(Get);
        await kept.ReadAnswerAsync();

        await backend.StopAsync();
        Assert.Empty(await kept.ReadToEndAsync());
        Assert.Equal(0, backend.ConnectionsOpen);
        var fault = await Assert.ThrowsAsync<SocketException>(() => RawClient.ConnectAsync(backend.Address));
        Assert.Equal(SocketError.ConnectionRefused, fault.SocketErrorCode);

        backend.Resume();
        Assert.Equal(200, (await RawClient.AskAsync(backend.Address, Get)).Status);
        Assert.Equal(2, backend.Requests.Count);
    }

    [Fact]
    public async Task A_reset_before_the_answer_is_a_reset()
    {
        await using var backend = RawBackend.Start(RawScripts.Reset);
        await using var client = await RawClient.ConnectAsync(backend.Address);
        await client.SendAsync(Get);

        Assert.Empty(await client.ReadToEndAsync());
        Assert.Equal(RawEnd.Reset, client.End);
    }

    [Fact]
    public async Task A_reset_in_mid_body_comes_after_half_of_it()
    {
        var seen = new TaskCompletionSource();
        await using var backend = RawBackend.Start(RawScripts.ResetInMidBody(seen.Task));
        await using var client = await RawClient.ConnectAsync(backend.Address);
        await client.SendAsync(Get);
        await client.ReadHeadAsync();
        Assert.Equal(500, (await client.ReadBytesAsync(500)).Length);
        seen.SetResult();

        Assert.Empty(await client.ReadToEndAsync());
        Assert.Equal(RawEnd.Reset, client.End);
    }

    [Fact]
    public async Task A_half_closed_answer_is_not_whole()
    {
        await using var backend = RawBackend.Start(RawScripts.HalfClosed);
        var answer = await RawClient.AskAsync(backend.Address, Get);

        Assert.Equal(500, answer.Body.Bytes.Length);
        Assert.False(answer.Body.Whole);
    }

    [Fact]
    public async Task A_slow_head_ends_when_the_test_lets_it()
    {
        var let = new TaskCompletionSource();
        await using var backend = RawBackend.Start(RawScripts.SlowHead(let.Task));
        await using var client = await RawClient.ConnectAsync(backend.Address);
        await client.SendAsync(Get);
        var answer = client.ReadAnswerAsync();
        await backend.WaitForRequestsAsync(1);
        Assert.False(answer.IsCompleted);
        let.SetResult();

        Assert.Equal("late", (await answer).BodyText);
    }

    [Fact]
    public async Task A_stale_connection_closes_when_the_next_request_arrives()
    {
        await using var backend = RawBackend.Start(RawScripts.StaleKeepAlive());
        await using var client = await RawClient.ConnectAsync(backend.Address);
        await client.SendAsync(Get);
        Assert.Equal(200, (await client.ReadAnswerAsync()).Status);
        await client.SendAsync(Get);

        Assert.Empty(await client.ReadToEndAsync());
        Assert.Equal(RawEnd.Closed, client.End);
        Assert.Equal(2, backend.Requests.Count);
    }

    [Fact]
    public async Task An_early_answer_comes_before_the_body()
    {
        await using var backend = RawBackend.Start(RawScripts.EarlyAnswer());
        await using var client = await RawClient.ConnectAsync(backend.Address);
        await client.SendAsync("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\n");
        Assert.Equal(413, (await client.ReadAnswerAsync()).Status);

        await client.SendAsync("hello");
        Assert.Equal("hello", (await backend.WaitForRequestAsync(request => request.BodyWhole)).BodyText);
    }

    [Fact]
    public async Task A_burst_of_failures_ends()
    {
        await using var backend = RawBackend.Start(RawScripts.Burst(2));
        List<int> statuses = [];
        for (var i = 0; i < 3; i++)
        {
            statuses.Add((await RawClient.AskAsync(backend.Address, Get)).Status);
        }

        Assert.Equal([503, 503, 200], statuses);
    }

    [Fact]
    public async Task A_hanging_script_ends_with_the_backend()
    {
        await using var backend = RawBackend.Start(RawScripts.Hang);
        await using var client = await RawClient.ConnectAsync(backend.Address);
        await client.SendAsync(Get);
        await backend.WaitForRequestsAsync(1);

        await backend.DisposeAsync();

        Assert.Empty(await client.ReadToEndAsync());
        Assert.Equal(0, backend.ConnectionsOpen);
    }

    [Fact]
    public async Task A_script_that_fails_fails_the_test()
    {
        var backend = RawBackend.Start(_ => throw new InvalidOperationException("scripted"));
        await using var client = await RawClient.ConnectAsync(backend.Address);
        await client.ReadToEndAsync();

        var fault = await Assert.ThrowsAsync<AggregateException>(async () => await backend.DisposeAsync());
        Assert.Equal("scripted", Assert.Single(fault.InnerExceptions).Message);
    }

    [Fact]
    public async Task Interim_answers_and_trailers_are_kept()
    {
        await using var backend = RawBackend.Start(RawScripts.Exactly(
            "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\nT: 1\r\n\r\n"));
        var answer = await RawClient.AskAsync(backend.Address, Get);

        Assert.Equal("</a>", Assert.Single(answer.Interim).Value("Link"));
        Assert.Equal("ab", answer.BodyText);
        Assert.Equal(["T: 1"], answer.Body.Trailers);
        Assert.EndsWith("T: 1\r\n\r\n", answer.RawText, StringComparison.Ordinal);
    }
}
