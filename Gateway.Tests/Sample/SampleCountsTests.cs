using System.Net;
using System.Text.Json;
using Gateway.Node.Sample;
using Gateway.Tests.EndToEnd.Backends;

namespace Gateway.Tests.Sample;

public sealed class SampleCountsTests
{
    [Fact]
    public async Task Counts_tell_traffic_from_probes()
    {
        await using var backend = await SampleBackend.StartAsync(new SampleBackendOptions());
        using var client = new HttpClient { BaseAddress = backend.Address };
        await client.GetAsync("/a?x=1");
        await client.PostAsync("/a", new StringContent("hello"));
        await client.SendAsync(new HttpRequestMessage(new HttpMethod("BREW"), "/pot"));
        await client.GetAsync("/health");

        Assert.Equal(
            """{"requests":3,"posts":1,"probes":2,"byMethod":{"GET":1,"OTHER":1,"POST":1},"byPath":{"/a":2,"/pot":1},"open":0,"connections":1,"mode":"well"}""",
            await client.GetStringAsync("/-/stats"));

        using var reset = await client.PostAsync("/-/stats/reset", null);
        Assert.Equal(HttpStatusCode.NoContent, reset.StatusCode);
        Assert.Equal(
            """{"requests":0,"posts":0,"probes":1,"byMethod":{},"byPath":{},"open":0,"connections":1,"mode":"well"}""",
            await client.GetStringAsync("/-/stats"));
    }

    [Fact]
    public async Task A_post_that_gets_no_answer_is_counted()
    {
        await using var backend = await SampleBackend.StartAsync(new SampleBackendOptions());
        backend.Become(BackendMode.Reset);
        await using var client = await RawClient.ConnectAsync(backend.Address);
        await client.SendAsync("POST /order HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n");
        await client.ReadToEndAsync();

        Assert.Equal(1, backend.Counts.Posts);
    }

    [Fact]
    public void Paths_beyond_the_bound_are_counted_together()
    {
        var tally = new Tally();
        for (var i = 0; i < Tally.MaxPaths + 10; i++)
        {
            tally.Begin("GET", $"/{i}");
        }

        tally.Begin("GET", "/0");
        var byPath = tally.Read().ByPath;

        Assert.Equal(Tally.MaxPaths + 1, byPath.Count);
        Assert.Equal(10, byPath[Tally.Beyond]);
        Assert.Equal(2, byPath["/0"]);
    }

    [Fact]
    public async Task The_log_has_a_line_per_request()
    {
        var log = new StringWriter();
        await using (var backend = await SampleBackend.StartAsync(new SampleBackendOptions { Name = "b3", Log = TextWriter.Synchronized(log) }))
        {
            using var client = new HttpClient { BaseAddress = backend.Address };
            using var request = new HttpRequestMessage(HttpMethod.Put, "/a?status=418") { Headers = { { "X-Request-Id", "r-1" } } };
            await client.SendAsync(request);
            await client.GetAsync("/health");
            await client.GetAsync("/-/stats");
        }

        Assert.Equal(
            ["b3 PUT /a?status=418 id=r-1 418", "b3 GET /health id=- 200", ""],
            log.ToString().Split(Environment.NewLine));
    }

    [Fact]
    public async Task Counts_are_one_JSON_object()
    {
        await using var backend = await SampleBackend.StartAsync(new SampleBackendOptions());
        using var client = new HttpClient { BaseAddress = backend.Address };
        await client.GetAsync("/%22quoted%22");

        using var stats = JsonDocument.Parse(await client.GetStringAsync("/-/stats"));
        Assert.Equal(1, stats.RootElement.GetProperty("byPath").GetProperty("/\"quoted\"").GetInt64());
    }
}
