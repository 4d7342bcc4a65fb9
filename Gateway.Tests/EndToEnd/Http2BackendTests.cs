using Gateway.Core.Connecting;
using Gateway.Core.Pools;
using Gateway.Tests.EndToEnd.Backends;

namespace Gateway.Tests.EndToEnd;

/// <summary>Behaviour possible only for HTTP/2 backends: resetting streams, ending connections in order, falling silent.</summary>
public sealed class Http2BackendTests
{
    private const string Post = "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 8\r\n\r\n";

    public static TheoryData<int, string, string> Resets => new()
    {
        { Http2Exchange.InternalError, "GET / HTTP/1.1\r\nHost: x\r\n\r\n", "reset" },
        { Http2Exchange.InternalError, Post + "complete", "reset" },
        { Http2Exchange.InternalError, Post + "half", "reset" },
        { Http2Exchange.InternalError, Post, "reset" },
        { Http2Exchange.InternalError, "PUT / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n", "reset" },
        { Http2Exchange.Cancel, Post + "complete", "reset" },
        { Http2Exchange.Cancel, Post + "half", "reset" },
        { Http2Exchange.RefusedStream, "GET / HTTP/1.1\r\nHost: x\r\n\r\n", "refused" },
        { Http2Exchange.RefusedStream, Post + "complete", "refused" },
        { Http2Exchange.RefusedStream, Post + "half", "refused" },
        { Http2Exchange.RefusedStream, Post, "refused" },
    };

    [Theory]
    [MemberData(nameof(Resets))]
    public async Task A_stream_that_is_reset_is_the_backends_failure_and_sent_once(int code, string request, string reason)
    {
        await using var backend = Http2Backend.Start(async exchange =>
        {
            if (request.EndsWith("half", StringComparison.Ordinal) || request.EndsWith("half\r\n", StringComparison.Ordinal))
            {
                await exchange.WaitForBodyAsync();
            }
            else if (request.EndsWith("complete", StringComparison.Ordinal))
            {
                await exchange.WaitForEndAsync();
            }

            await exchange.ResetAsync(code);
        });
        await using var gateway = await StartAsync([backend], attempts: 0);
        await using var client = await RawClient.ConnectAsync(gateway.Address);

        await client.SendAsync(request);
        var answer = await client.ReadAnswerAsync();

        Assert.Equal((502, "\"test\"; error=connection_terminated"), (answer.Status, answer.Head.Value("Proxy-Status")));
        Assert.Equal(1, await gateway.MetricAsync("gateway_backend_failures_total", ("reason", reason)));
        Assert.Equal(1, await gateway.MetricAsync("gateway_backend_requests_total"));
        Assert.Single(backend.Requests);
    }

    [Theory]
    [InlineData("GET", "")]
    [InlineData("POST", "")]
    [InlineData("POST", "hello")]
    [InlineData("PATCH", "hello")]
    public async Task A_request_that_a_backend_refused_unprocessed_is_sent_again_whatever_its_method(string method, string body)
    {
        await using var backend = Http2Backend.Start(Http2Backend.InTurn(
            async exchange =>
            {
                await exchange.WaitForEndAsync();
                await exchange.ResetAsync(Http2Exchange.RefusedStream);
            },
            Http2Backend.AnswerAsync));
        await using var gateway = await StartAsync([backend], attempts: 1);

        (await gateway.AskAsync(method, body: body.Length > 0 ? body : null)).AssertPassedOn(200, "ok");

        Assert.Equal([(0, body), (0, body)], backend.Requests.Select(seen => (seen.Connection, seen.Body)));
        Assert.Equal(1, await gateway.MetricAsync("gateway_backend_failures_total", ("reason", "refused")));
        Assert.Equal(1, await gateway.MetricAsync("gateway_retries_total", ("kind", "failover")));
    }

    [Fact]
    public async Task A_body_that_is_not_kept_is_not_sent_again_in_parts()
    {
        var large = new string('x', 200_000);
        await using var backend = Http2Backend.Start(async exchange =>
        {
            await exchange.WaitForBodyAsync();
            await exchange.ResetAsync(Http2Exchange.RefusedStream);
        });
        await using var gateway = await TestGateway.StartAsync(
            [backend.Address], pool => Http2(pool) with { Retry = new() { Attempts = 1, MaxKeptBody = 1024 } });

        (await gateway.AskAsync("POST", body: large)).AssertProblem(502, "connection_terminated");

        Assert.Single(backend.Requests);
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("POST")]
    public async Task Streams_beyond_a_goaway_are_sent_again_on_another_connection(string method)
    {
        await using var backend = Http2Backend.Start(Http2Backend.InTurn(
            Http2Backend.AnswerAsync,
            async exchange =>
            {
                await exchange.WaitForEndAsync();
                await exchange.GoAwayAsync(last: 1);
            },
            Http2Backend.AnswerAsync));
        await using var gateway = await StartAsync([backend], attempts: 1);

        (await gateway.AskAsync()).AssertPassedOn(200, "ok");
        (await gateway.AskAsync(method, body: method == "POST" ? "hello" : null)).AssertPassedOn(200, "ok");

        Assert.Equal([0, 0, 1], backend.Requests.Select(seen => seen.Connection));
        Assert.Equal(1, await gateway.MetricAsync("gateway_backend_failures_total", ("reason", "refused")));
    }

    [Fact]
    public async Task A_goaway_costs_neither_the_streams_before_it_nor_those_that_come_after()
    {
        var (goneAway, more) = (new TaskCompletionSource(), new TaskCompletionSource());
        await using var backend = Http2Backend.Start(Http2Backend.InTurn(
            async exchange =>
            {
                await exchange.WriteHeadAsync(200);
                await exchange.GoAwayAsync(last: exchange.Stream);
                await exchange.SyncAsync();
                goneAway.SetResult();
                await more.Task.WaitAsync(exchange.Stopping);
                await exchange.WriteDataAsync("late", end: true);
            },
            Http2Backend.AnswerAsync));
        await using var gateway = await StartAsync([backend], attempts: 0);
        await using var client = await RawClient.ConnectAsync(gateway.Address);

        await client.SendAsync("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
        Assert.Equal("HTTP/1.1 200 OK", (await client.ReadHeadAsync()).StartLine);
        await goneAway.Task.WaitAsync(RawBackend.WaitTimeout);
        (await gateway.AskAsync("POST", body: "hello")).AssertPassedOn(200, "ok");
        more.SetResult();

        Assert.Contains("late", System.Text.Encoding.Latin1.GetString(await client.ReadBytesAsync("4\r\nlate\r\n0\r\n\r\n".Length)), StringComparison.Ordinal);
        Assert.Equal([0, 1], backend.Requests.Select(seen => seen.Connection));
        Assert.Equal(0, await gateway.MetricAsync("gateway_backend_failures_total"));
    }

    [Theory]
    [InlineData("complete")]
    [InlineData("half")]
    [InlineData("")]
    public async Task A_connection_that_is_dropped_under_a_post_is_the_backends_failure_and_nothing_is_sent_again(string body)
    {
        await using var backend = Http2Backend.Start(async exchange =>
        {
            await (body == "half" ? exchange.WaitForBodyAsync() : body.Length > 0 ? exchange.WaitForEndAsync() : Task.CompletedTask);
            exchange.Drop();
        });
        await using var gateway = await StartAsync([backend], attempts: 2);
        await using var client = await RawClient.ConnectAsync(gateway.Address);

        await client.SendAsync(Post + body);
        var answer = await client.ReadAnswerAsync();

        Assert.Equal((502, "\"test\"; error=connection_terminated"), (answer.Status, answer.Head.Value("Proxy-Status")));
        Assert.Equal(1, await gateway.MetricAsync("gateway_backend_failures_total", ("reason", "reset")));
        Assert.Single(backend.Requests);
    }

    [Fact]
    public async Task A_get_on_a_kept_connection_that_is_dropped_has_one_more_try_on_a_new_one()
    {
        await using var backend = Http2Backend.Start(Http2Backend.InTurn(
            Http2Backend.AnswerAsync,
            exchange =>
            {
                exchange.Drop();
                return Task.CompletedTask;
            },
            Http2Backend.AnswerAsync));
        await using var gateway = await StartAsync([backend], attempts: 0);

        Assert.Equal([200, 200], await gateway.AskManyAsync(2));

        Assert.Equal([0, 0, 1], backend.Requests.Select(seen => seen.Connection));
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\nHost: x\r\n\r\n")]
    [InlineData("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")]
    public async Task A_head_is_passed_on_before_its_body_and_while_the_request_goes_on(string request)
    {
        var seen = new TaskCompletionSource();
        await using var backend = Http2Backend.Start(async exchange =>
        {
            await exchange.WriteHeadAsync(200, more: ("content-type", "application/x-ndjson"));
            await seen.Task.WaitAsync(exchange.Stopping);
            await exchange.WriteDataAsync("{}", end: true);
        });
        await using var gateway = await StartAsync([backend], attempts: 0);
        await using var client = await RawClient.ConnectAsync(gateway.Address);

        await client.SendAsync(request);
        var head = await client.ReadHeadAsync();
        seen.SetResult();

        Assert.Equal(("HTTP/1.1 200 OK", "application/x-ndjson"), (head.StartLine, head.Value("Content-Type")));
        Assert.Equal("2\r\n{}\r\n0\r\n\r\n", System.Text.Encoding.Latin1.GetString(await client.ReadBytesAsync(12)));
    }

    [Fact]
    public async Task A_request_without_a_body_says_so_in_its_head()
    {
        await using var backend = Http2Backend.Start(Http2Backend.AnswerAsync);
        await using var gateway = await StartAsync([backend], attempts: 0);

        await RawClient.AskAsync(gateway.Address, "GET /a?b=%2F HTTP/1.1\r\nHost: shop.example\r\nX-A: 1\r\n\r\n");
        await RawClient.AskAsync(gateway.Address, "GET /typed HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\n\r\n");

        var plain = backend.Requests[0];
        Assert.True(plain.EndedWithHead);
        Assert.Equal(("GET", "/a?b=%2F", "shop.example", "1", null), (plain.Value(":method"), plain.Value(":path"), plain.Value(":authority"), plain.Value("x-a"), plain.Value("content-length")));
        Assert.Equal(("text/plain", null, ""), (backend.Requests[1].Value("content-type"), backend.Requests[1].Value("content-length"), backend.Requests[1].Body));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("2")]
    public async Task Trailers_that_are_announced_reach_a_client_of_HTTP_1(string? length)
    {
        (string, string)[] announced = length is null ? [("trailer", "x-sum")] : [("trailer", "x-sum"), ("content-length", length)];
        await using var backend = Http2Backend.Start(async exchange =>
        {
            await exchange.WriteHeadAsync(200, more: announced);
            await exchange.WriteDataAsync("ok");
            await exchange.WriteTrailersAsync(("x-sum", "7"));
        });
        await using var gateway = await StartAsync([backend], attempts: 0);

        var answer = await RawClient.AskAsync(gateway.Address, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");

        Assert.Equal(("ok", true), (answer.BodyText, answer.Body.Whole));
        Assert.EndsWith("0\r\nx-sum: 7\r\n\r\n", answer.RawText, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2, "o")]
    [InlineData(1, "ok")]
    public async Task A_body_of_another_length_than_announced_is_broken(int announced, string body)
    {
        await using var backend = Http2Backend.Start(async exchange =>
        {
            await exchange.WriteHeadAsync(200, more: ("content-length", $"{announced}"));
            await exchange.WriteDataAsync(body, end: true);
        });
        await using var gateway = await StartAsync([backend], attempts: 0);
        await using var client = await RawClient.ConnectAsync(gateway.Address);

        await client.SendAsync("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        var seen = System.Text.Encoding.Latin1.GetString(await client.ReadToEndAsync());

        var come = seen.Length - seen.IndexOf("\r\n\r\n", StringComparison.Ordinal) - 4;
        Assert.False(seen.StartsWith("HTTP/1.1 200", StringComparison.Ordinal) && come >= announced, seen);
        await gateway.StopAsync();
        Assert.Equal(1, await gateway.MetricAsync("gateway_backend_failures_total"));
    }

    [Fact]
    public async Task A_client_that_leaves_is_not_the_backends_failure()
    {
        var reset = new TaskCompletionSource<int>();
        await using var backend = Http2Backend.Start(async exchange => reset.SetResult(await exchange.WaitForResetAsync()));
        await using var gateway = await StartAsync([backend], attempts: 0);
        await using (var client = await RawClient.ConnectAsync(gateway.Address))
        {
            await client.SendAsync(Post + "half");
            await (await backend.WaitForRequestsAsync(1))[0].WaitForBodyAsync();
        }

        Assert.Equal(Http2Exchange.Cancel, await reset.Task.WaitAsync(RawBackend.WaitTimeout));
        await gateway.StopAsync();
        Assert.Equal(0, await gateway.MetricAsync("gateway_backend_failures_total"));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(0)]
    public async Task A_connection_that_let_a_try_time_out_in_silence_takes_no_new_request(int answered)
    {
        await using var backend = Http2Backend.Start(exchange =>
            exchange.Value(":path") == "/silent" ? Task.Delay(Timeout.InfiniteTimeSpan, exchange.Stopping) : Http2Backend.AnswerAsync(exchange));
        await using var gateway = await TestGateway.StartAsync(
            [backend.Address],
            pool => Http2(pool) with { Retry = new() { Attempts = 0 } },
            settings => settings with
            {
                Routes =
                [
                    new() { Name = "silent", PathPrefix = "/silent", Pool = "default", TryTimeout = TimeSpan.FromMilliseconds(300) },
                    new() { Name = "rest", Pool = "default" },
                ],
            });

        Assert.Equal(Enumerable.Repeat(200, answered), await gateway.AskManyAsync(answered));
        (await gateway.AskAsync(target: "/silent")).AssertProblem(504, "http_response_timeout");
        (await gateway.AskAsync()).AssertPassedOn(200, "ok");

        Assert.Equal([.. Enumerable.Repeat(0, answered + 1), 1], backend.Requests.Select(seen => seen.Connection));
    }

    [Fact]
    public async Task A_connection_that_answers_no_ping_is_closed_long_before_the_try_times_out()
    {
        await using var backend = Http2Backend.Start(exchange => Task.Delay(Timeout.InfiniteTimeSpan, exchange.Stopping));
        backend.AnswersPings = false;
        await using var gateway = await TestGateway.StartAsync(
            [backend.Address],
            pool => Http2(pool) with
            {
                Retry = new() { Attempts = 0 },
                Timeouts = new() { Request = TimeSpan.FromMinutes(10), Try = TimeSpan.FromMinutes(5) },
                Connections = Http2(pool).Connections with { PingInterval = TimeSpan.FromSeconds(1) },
            });

        (await gateway.AskAsync("POST", body: "hello")).AssertProblem(502, "connection_terminated");

        Assert.Equal(1, await gateway.MetricAsync("gateway_backend_failures_total", ("reason", "reset")));
    }

    [Fact]
    public async Task Requests_beyond_what_a_connection_takes_go_on_another()
    {
        var all = new TaskCompletionSource();
        await using var backend = Http2Backend.Start(
            async exchange =>
            {
                await all.Task.WaitAsync(exchange.Stopping);
                await Http2Backend.AnswerAsync(exchange);
            },
            maxStreams: 2);
        await using var gateway = await StartAsync([backend], attempts: 0);

        var more = Enumerable.Range(0, 6).Select(_ => gateway.AskAsync()).ToList();
        await backend.WaitForRequestsAsync(6);
        all.SetResult();

        Assert.All(await Task.WhenAll(more), reply => reply.AssertPassedOn(200, "ok"));
        Assert.True(backend.Requests.Select(seen => seen.Connection).Distinct().Count() >= 3);
    }

    [Fact]
    public async Task Whatever_backends_do_at_once_every_request_ends_and_every_count_comes_back()
    {
        Func<Http2Exchange, Task>[] ways =
        [
            Http2Backend.AnswerAsync,
            exchange => exchange.ResetAsync(Http2Exchange.RefusedStream),
            exchange => exchange.ResetAsync(Http2Exchange.InternalError),
            async exchange =>
            {
                await exchange.WaitForBodyAsync();
                await exchange.GoAwayAsync(last: Math.Max(0, exchange.Stream - 2));
            },
            async exchange =>
            {
                await exchange.WriteHeadAsync(503);
                await exchange.ResetAsync(Http2Exchange.Cancel);
            },
            async exchange =>
            {
                exchange.Drop();
                await Task.CompletedTask;
            },
        ];
        var isOver = false;
        await using var backend = Http2Backend.Start(
            exchange => Volatile.Read(ref isOver) ? Http2Backend.AnswerAsync(exchange) : ways[exchange.Number * 7919 % ways.Length](exchange), maxStreams: 8);
        await using var gateway = await TestGateway.StartAsync(
            [backend.Address], pool => Http2(pool) with
            {
                Breaker = new() { Threshold = 1_000_000, Break = TimeSpan.FromMilliseconds(100), MaxBreak = TimeSpan.FromMilliseconds(100) },
                Retry = new() { Attempts = 1, BudgetMinimum = 10_000 },
            });

        var statuses = await Task.WhenAll(Enumerable.Range(0, 300).Select(async i =>
        {
            try
            {
                return (await gateway.AskAsync(i % 3 == 0 ? "GET" : "POST", body: i % 3 == 0 ? null : "hello")).Status;
            }
            catch (HttpRequestException)
            {
                return 0; // A head was passed on, and the stream reset after it.
            }
        }));

        Assert.All(statuses, status => Assert.Contains(status, (int[])[0, 200, 502, 503]));
        Assert.Contains(502, statuses);

        // Until now an answer may always have been lost: a connection that is dropped takes those along which the gateway has not read.
        Volatile.Write(ref isOver, true);
        await Eventually.IsAsync(async () => await gateway.AskAsync() is { Status: 200 }); // After a second without an answer two failures in a row trip the breaker.
    }

    private static PoolSettings Http2(PoolSettings pool) => pool with { Connections = pool.Connections with { Protocol = BackendProtocol.Http2 } };

    private static Task<TestGateway> StartAsync(IEnumerable<Http2Backend> backends, int attempts) =>
        TestGateway.StartAsync(backends.Select(backend => backend.Address), pool => Http2(pool) with { Retry = new() { Attempts = attempts } });
}
