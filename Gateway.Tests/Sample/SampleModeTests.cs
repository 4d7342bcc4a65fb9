using System.Net;
using Gateway.Node.Sample;
using Gateway.Tests.EndToEnd.Backends;

namespace Gateway.Tests.Sample;

public sealed class SampleModeTests : IAsyncLifetime, IDisposable
{
    private readonly SignallingTime _time = new();
    private SampleBackend _backend = null!;
    private HttpClient _client = null!;

    public async Task InitializeAsync()
    {
        _backend = await SampleBackend.StartAsync(new SampleBackendOptions { Time = _time });
        _client = new HttpClient { BaseAddress = _backend.Address };
    }

    public async Task DisposeAsync() => await _backend.DisposeAsync();

    public void Dispose() => _client.Dispose();

    [Theory]
    [InlineData("well", 200, 200, null)]
    [InlineData("sick", 503, 503, null)]
    [InlineData("failing", 200, 503, null)]
    [InlineData("degraded", 200, 200, "degraded")]
    public async Task A_mode_rules_health_and_traffic(string mode, int health, int traffic, string? said)
    {
        await BehaveAsync(mode);

        using var probe = await _client.GetAsync("/health");
        using var answer = await _client.GetAsync("/");

        Assert.Equal(health, (int)probe.StatusCode);
        Assert.Equal(said, probe.Headers.TryGetValues("X-Health", out var values) ? values.Single() : null);
        Assert.Equal(traffic, (int)answer.StatusCode);
        Assert.Equal($$"""{"mode":"{{mode}}"}""", await _client.GetStringAsync("/-/behave"));
    }

    [Fact]
    public async Task Health_says_how_it_is()
    {
        Assert.Equal("""{"status":"well"}""", await _client.GetStringAsync("/health"));
    }

    [Fact]
    public async Task A_hanging_backend_answers_once_it_is_well_again()
    {
        await BehaveAsync("hang");
        await using var traffic = await RawClient.ConnectAsync(_backend.Address);
        await using var probe = await RawClient.ConnectAsync(_backend.Address);
        await traffic.SendAsync("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        await probe.SendAsync("GET /health HTTP/1.1\r\nHost: a\r\n\r\n");
        var (answer, health) = (traffic.ReadAnswerAsync(), probe.ReadAnswerAsync());
        Assert.False(answer.IsCompleted || health.IsCompleted);

        using var well = await _client.PostAsync("/-/well", null);

        Assert.Equal(200, (await answer).Status);
        Assert.Equal(200, (await health).Status);
    }

    [Fact]
    public async Task A_hanging_backend_stops_at_once()
    {
        await BehaveAsync("hang");
        await using var client = await RawClient.ConnectAsync(_backend.Address);
        await client.SendAsync("GET / HTTP/1.1\r\nHost: a\r\n\r\n");

        await _backend.DisposeAsync();

        Assert.Empty(await client.ReadToEndAsync());
    }

    [Fact]
    public async Task A_slow_backend_delays_traffic_and_not_health()
    {
        using var set = await _client.PostAsync("/-/behave?mode=slow&delay-ms=400", null);
        Assert.Equal("""{"mode":"slow","delayMs":400}""", await set.Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.OK, (await _client.GetAsync("/health")).StatusCode);

        var answer = _client.GetAsync("/?delay-ms=100");
        Assert.Equal(TimeSpan.FromMilliseconds(500), await _time.Waiting.WaitAsync(RawBackend.WaitTimeout));
        _time.Advance(TimeSpan.FromMilliseconds(500));

        Assert.Equal(HttpStatusCode.OK, (await answer).StatusCode);
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\n\r\n")]
    [InlineData("GET /health HTTP/1.1\r\nHost: a\r\n\r\n")]
    [InlineData("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello")]
    public async Task A_resetting_backend_sends_a_reset_and_nothing_else(string request)
    {
        await BehaveAsync("reset");
        await using var client = await RawClient.ConnectAsync(_backend.Address);
        await client.SendAsync(request);

        Assert.Empty(await client.ReadToEndAsync());
        Assert.Equal(RawEnd.Reset, client.End);
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\n\r\n")]
    [InlineData("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello")]
    public async Task A_garbage_answer_is_not_HTTP_and_ends_regularly(string request)
    {
        await BehaveAsync("garbage");
        await using var client = await RawClient.ConnectAsync(_backend.Address);
        await client.SendAsync(request);

        Assert.Equal("\u0016\u0003\u0001 not HTTP\r\n\r\n"u8.ToArray(), await client.ReadToEndAsync());
        Assert.Equal(RawEnd.Closed, client.End);
    }

    [Fact]
    public async Task A_half_closed_answer_ends_in_the_middle_of_its_body()
    {
        await using var client = await RawClient.ConnectAsync(_backend.Address);
        await client.SendAsync("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        Assert.True((await client.ReadAnswerAsync()).Body.Whole);

        await BehaveAsync("half-close");
        await client.SendAsync("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        var half = await client.ReadAnswerAsync();

        Assert.Equal("1000", half.Head.Value("Content-Length"));
        Assert.Equal(500, half.Body.Bytes.Length);
        Assert.False(half.Body.Whole);
        Assert.Equal(RawEnd.Closed, client.End);
    }

    [Theory]
    [InlineData("sick")]
    [InlineData("hang")]
    [InlineData("reset")]
    [InlineData("garbage")]
    [InlineData("half-close")]
    public async Task The_control_paths_work_in_every_mode(string mode)
    {
        await BehaveAsync(mode);
        using var well = await _client.PostAsync("/-/well", null);

        Assert.Equal("""{"mode":"well"}""", await well.Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.OK, (await _client.GetAsync("/")).StatusCode);
    }

    [Theory]
    [InlineData("POST", "/-/behave?mode=ill", 400)]
    [InlineData("POST", "/-/behave", 400)]
    [InlineData("POST", "/-/behave?mode=slow&delay-ms=x", 400)]
    [InlineData("GET", "/-/sick", 405)]
    [InlineData("DELETE", "/-/stats", 405)]
    [InlineData("GET", "/-/nothing", 404)]
    public async Task A_bad_control_request_changes_nothing(string method, string target, int status)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), target);
        using var answer = await _client.SendAsync(request);

        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        Assert.Equal(BackendMode.Well, _backend.Mode);
    }

    private async Task BehaveAsync(string mode)
    {
        using var answer = await _client.PostAsync($"/-/behave?mode={mode}", null);
        answer.EnsureSuccessStatusCode();
    }
}
