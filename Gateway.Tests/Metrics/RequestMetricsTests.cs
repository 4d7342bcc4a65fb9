using Gateway.Tests.Conformance;
using Gateway.Tests.EndToEnd.Backends;

namespace Gateway.Tests.Metrics;

/// <summary>Counts of requests and attempts; clients cannot create labels.</summary>
public sealed class RequestMetricsTests
{
    [Theory]
    [InlineData("GET", "GET")]
    [InlineData("PATCH", "PATCH")]
    [InlineData("TRACE", "TRACE")]
    [InlineData("get", "OTHER")]
    [InlineData("PROPFIND", "OTHER")]
    [InlineData("X-odd.method!", "OTHER")]
    public async Task A_method_is_one_of_nine_or_other(string method, string label)
    {
        await using var passage = await Passage.StartAsync();
        await passage.AskAndSettleAsync($"{method} / HTTP/1.1\r\nHost: x\r\n\r\n");
        Assert.Equal(1, await passage.Gateway.MetricAsync(
            "gateway_request_total", ("method", label), ("status", "200"), ("backend", passage.BackendLabel), ("pool", "default")));
        Assert.Equal(1, await passage.Gateway.MetricAsync("gateway_request_total"));
    }

    [Theory]
    [InlineData(200, "200")]
    [InlineData(404, "404")]
    [InlineData(599, "599")]
    [InlineData(600, "other")]
    [InlineData(999, "other")]
    public async Task A_status_is_a_code_or_other(int status, string label)
    {
        await using var passage = await Passage.StartAsync(RawScripts.Answer(status));
        await passage.AskAndSettleAsync("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
        Assert.Equal(1, await passage.Gateway.MetricAsync("gateway_request_total", ("status", label)));
    }

    [Fact]
    public async Task Clients_cannot_make_series()
    {
        await using var passage = await Passage.StartAsync();
        await using var client = await passage.ConnectAsync();
        var series = 0;
        for (var i = 0; i < 20; i++)
        {
            await client.SendAsync($"ODD{i} /path{i}?q={i} HTTP/1.1\r\nHost: host{i}.example\r\nX-Field-{i}: {i}\r\n\r\n");
            Assert.Equal(200, (await client.ReadAnswerAsync()).Status);
            await Passage.SettleAsync(client);
            var now = (await passage.Gateway.ScrapeAsync()).Split('\n').Length;
            Assert.True(i == 0 || now == series, $"{now} series after {series}");
            series = now;
        }
    }

    [Theory]
    [InlineData("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello", 5)]
    [InlineData("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n", 0)]
    [InlineData("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5;ext=long\r\nhello\r\n2\r\n!!\r\n0\r\nX: 1\r\n\r\n", 7)]
    [InlineData("GET / HTTP/1.1\r\nHost: x\r\n\r\n", 0)]
    public async Task A_request_counts_the_bytes_of_its_body(string request, int size)
    {
        await using var passage = await Passage.StartAsync();
        await passage.AskAndSettleAsync(request);
        await AssertSizeAsync(passage, "gateway_request_size_bytes", size);
    }

    [Theory]
    [InlineData("GET", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", 5)]
    [InlineData("GET", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;ext=long\r\nhello\r\n2\r\n!!\r\n0\r\n\r\n", 7)]
    [InlineData("GET", "HTTP/1.1 200 OK\r\n\r\nuntil the close", 15)]
    [InlineData("GET", "HTTP/1.1 204 No Content\r\n\r\n", 0)]
    [InlineData("GET", "HTTP/1.1 304 Not Modified\r\nContent-Length: 1234\r\n\r\n", 0)]
    [InlineData("HEAD", "HTTP/1.1 200 OK\r\nContent-Length: 1234\r\n\r\n", 0)]
    public async Task An_answer_counts_the_bytes_of_its_body(string method, string answer, int size)
    {
        await using var passage = await Passage.AnsweringAsync(answer);
        await passage.AskAndSettleAsync($"{method} / HTTP/1.1\r\nHost: x\r\n\r\n");
        await AssertSizeAsync(passage, "gateway_response_size_bytes", size);
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("HEAD")]
    public async Task The_gateways_own_answers_count_theirs(string method)
    {
        await using var passage = await Passage.StartAsync(RawScripts.Garbage);
        var length = 0;
        foreach (var target in new[] { "/", "/a\\b" })
        {
            length += (await passage.AskAndSettleAsync($"{method} {target} HTTP/1.1\r\nHost: x\r\n\r\n")).Body.Bytes.Length;
        }

        Assert.Equal(length, await passage.Gateway.MetricAsync("gateway_response_size_bytes_sum"));
        Assert.Equal(2, await passage.Gateway.MetricAsync("gateway_response_size_bytes_count"));
    }

    [Fact]
    public async Task A_request_without_a_route_or_a_backend_belongs_to_none()
    {
        await using var passage = await Passage.StartAsync(
            pool: pool => pool with { Endpoints = [] },
            settings: settings => settings with { Routes = [new() { Name = "a", PathPrefix = "/a", Pool = "default" }] });
        await passage.AskAndSettleAsync("GET /b HTTP/1.1\r\nHost: x\r\n\r\n");
        await passage.AskAndSettleAsync("GET /a HTTP/1.1\r\nHost: x\r\n\r\n");
        Assert.Equal(1, await passage.Gateway.MetricAsync("gateway_request_total", ("pool", "none"), ("backend", "none"), ("status", "404")));
        Assert.Equal(1, await passage.Gateway.MetricAsync("gateway_request_total", ("pool", "default"), ("backend", "none"), ("status", "503")));
        Assert.Equal(0, await passage.Gateway.MetricAsync("gateway_backend_requests_total"));
    }

    [Fact]
    public async Task Requests_in_flight_go_back_to_zero()
    {
        var release = new TaskCompletionSource();
        await using var passage = await Passage.StartAsync(RawScripts.SlowBody(release.Task));
        await using var client = await passage.ConnectAsync();
        await client.SendAsync("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
        await client.ReadHeadAsync();
        Assert.Equal(1, await passage.Gateway.MetricAsync("gateway_active_requests"));
        Assert.Equal(1, await passage.Gateway.MetricAsync("gateway_active_connections", ("backend", passage.BackendLabel)));
        Assert.Equal(1, await passage.Gateway.MetricAsync("gateway_connection_pool_size", ("backend", passage.BackendLabel)));
        Assert.Equal(0, await passage.Gateway.MetricAsync("gateway_request_total"));

        release.SetResult();
        await client.ReadBytesAsync(8);
        await Passage.SettleAsync(client);
        Assert.Equal(0, await passage.Gateway.MetricAsync("gateway_active_requests"));
        Assert.Equal(0, await passage.Gateway.MetricAsync("gateway_active_connections"));
        Assert.Equal(1, await passage.Gateway.MetricAsync("gateway_connection_creation_total"));
        Assert.Equal(1, await passage.Gateway.MetricAsync("gateway_request_duration_seconds_count"));
        Assert.Equal(1, await passage.Gateway.MetricAsync("gateway_backend_response_time_seconds_count"));
    }

    [Fact]
    public async Task An_attempt_counts_for_itself_and_its_request_once()
    {
        await using var passage = await Passage.StartAsync(RawScripts.Burst(failures: 1, status: 502));
        var answer = await passage.AskAndSettleAsync("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
        Assert.Equal(200, answer.Status);
        Assert.Equal(2, await passage.Gateway.MetricAsync("gateway_backend_requests_total"));
        Assert.Equal(1, await passage.Gateway.MetricAsync("gateway_backend_failures_total", ("reason", "status")));
        Assert.Equal(1, await passage.Gateway.MetricAsync("gateway_retries_total", ("kind", "retry")));
        Assert.Equal(1, await passage.Gateway.MetricAsync("gateway_request_total"));
    }

    private static async Task AssertSizeAsync(Passage passage, string name, int size)
    {
        Assert.Equal(size, await passage.Gateway.MetricAsync(name + "_sum", ("backend", passage.BackendLabel)));
        Assert.Equal(1, await passage.Gateway.MetricAsync(name + "_count"));
    }
}
