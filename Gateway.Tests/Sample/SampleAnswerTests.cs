using System.Net;
using System.Text;
using System.Text.Json;
using Gateway.Node.Sample;
using Gateway.Tests.EndToEnd.Backends;

namespace Gateway.Tests.Sample;

public sealed class SampleAnswerTests
{
    [Fact]
    public async Task An_answer_tells_what_arrived()
    {
        await using var backend = await SampleBackend.StartAsync(new SampleBackendOptions { Name = "b7" });
        var answer = await RawClient.AskAsync(
            backend.Address, "POST /a%2Fb/../c?x=1&y=%20 HTTP/1.1\r\nHost: shop\r\nX-Two: 1\r\nX-Two: \u00e9\r\nContent-Length: 5\r\n\r\nhello");

        Assert.Equal(200, answer.Status);
        Assert.Equal("b7", answer.Head.Value("X-Backend"));
        Assert.Equal(RawFraming.ContentLength, answer.Body.Framing);
        Assert.Equal(
            """{"backend":"b7","method":"POST","path":"/a%2Fb/../c","query":"x=1\u0026y=%20","headers":{"Content-Length":"5","Host":"shop","X-Two":"1, \u00E9"},"bodyBytes":5}""",
            answer.BodyText);
    }

    [Fact]
    public async Task A_sized_answer_repeats_the_ten_digits()
    {
        await using var backend = await SampleBackend.StartAsync(new SampleBackendOptions());
        using var client = new HttpClient { BaseAddress = backend.Address };

        using var answer = await client.GetAsync("/?size=100005");
        var body = await answer.Content.ReadAsStringAsync();

        Assert.Equal(100_005, answer.Content.Headers.ContentLength);
        Assert.Equal(string.Concat(Enumerable.Repeat("0123456789", 10_000)) + "01234", body);
    }

    [Theory]
    [InlineData("/?chunked=true")]
    [InlineData("/?chunked=true&size=10")]
    public async Task A_chunked_answer_has_no_length(string target)
    {
        await using var backend = await SampleBackend.StartAsync(new SampleBackendOptions());
        var answer = await RawClient.AskAsync(backend.Address, $"GET {target} HTTP/1.1\r\nHost: a\r\n\r\n");

        Assert.Empty(answer.Head.Values("Content-Length"));
        Assert.Equal(RawFraming.Chunked, answer.Body.Framing);
        Assert.True(answer.Body.Whole);
        Assert.NotEmpty(answer.Body.Bytes);
    }

    [Fact]
    public async Task An_echoed_body_comes_back_before_the_request_has_ended()
    {
        await using var backend = await SampleBackend.StartAsync(new SampleBackendOptions());
        await using var client = await RawClient.ConnectAsync(backend.Address);

        await client.SendAsync("POST /?echo=body HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nfirst");
        var head = await client.ReadHeadAsync();
        var first = await client.ReadBytesAsync(5);
        await client.SendAsync("later");
        var later = await client.ReadBytesAsync(5);

        Assert.Equal("10", head.Value("Content-Length"));
        Assert.Equal("first", Encoding.ASCII.GetString(first));
        Assert.Equal("later", Encoding.ASCII.GetString(later));
    }

    [Theory]
    [InlineData("GET", 204)]
    [InlineData("GET", 304)]
    [InlineData("HEAD", 200)]
    public async Task An_answer_that_may_have_no_body_has_none(string method, int status)
    {
        await using var backend = await SampleBackend.StartAsync(new SampleBackendOptions { Size = 1000, Status = status });
        await using var client = await RawClient.ConnectAsync(backend.Address);

        await client.SendAsync($"{method} / HTTP/1.1\r\nHost: a\r\n\r\n{method} /?status=201 HTTP/1.1\r\nHost: a\r\n\r\n");
        var first = await client.ReadAnswerAsync(method == "HEAD" ? "HEAD" : "GET");
        var second = await client.ReadAnswerAsync(method);

        Assert.Equal(status, first.Status);
        Assert.Equal(201, second.Status);
    }

    [Theory]
    [InlineData("status=99", "status=99: must be a whole number from 200 to 599")]
    [InlineData("delay-ms=-1", "delay-ms=-1: must be a whole number from 0 to 600000")]
    [InlineData("delay-ms=1.5", "delay-ms=1.5: must be a whole number from 0 to 600000")]
    [InlineData("size=big", "size=big: must be a whole number from 0 to 1073741824")]
    [InlineData("error-rate=2", "error-rate=2: must be a number from 0 to 1")]
    [InlineData("chunked=yes", "chunked=yes: must be false or true")]
    [InlineData("echo=head", "echo=head: must be request or body")]
    public async Task A_bad_query_value_is_named(string query, string detail)
    {
        await using var backend = await SampleBackend.StartAsync(new SampleBackendOptions());
        using var client = new HttpClient { BaseAddress = backend.Address };

        using var answer = await client.GetAsync($"/?{query}");
        using var problem = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        Assert.Equal(detail, problem.RootElement.GetProperty("detail").GetString());
    }

    [Fact]
    public async Task An_answer_waits_for_its_delay()
    {
        var time = new SignallingTime();
        await using var backend = await SampleBackend.StartAsync(
            new SampleBackendOptions { Delay = TimeSpan.FromMinutes(5), Time = time });
        using var client = new HttpClient { BaseAddress = backend.Address };

        var answer = client.GetAsync("/?delay-ms=250");
        Assert.Equal(TimeSpan.FromMilliseconds(250), await time.Waiting.WaitAsync(RawBackend.WaitTimeout));
        Assert.Equal(1, backend.Counts.Open);
        time.Advance(TimeSpan.FromMilliseconds(250));

        Assert.Equal(HttpStatusCode.OK, (await answer).StatusCode);
    }

    [Fact]
    public async Task An_error_rate_of_one_fails_all_but_health()
    {
        await using var backend = await SampleBackend.StartAsync(new SampleBackendOptions { ErrorRate = 1 });
        using var client = new HttpClient { BaseAddress = backend.Address };

        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await client.GetAsync("/")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/?error-rate=0")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/health")).StatusCode);
    }

    [Fact]
    public void Draws_are_uniform_and_can_be_repeated()
    {
        var (one, same, other) = (new Dice("b1", 0), new Dice("b1", 0), new Dice("b2", 0));
        var draws = Enumerable.Range(0, 10_000).Select(_ => one.Draw()).ToArray();

        Assert.Equal(draws, Enumerable.Range(0, 10_000).Select(_ => same.Draw()));
        Assert.NotEqual(draws[0], other.Draw());
        Assert.All(draws, draw => Assert.InRange(draw, 0, 0.9999999999999999));

        // Five standard deviations of 43.
        Assert.InRange(draws.Count(draw => draw < 0.25), 2500 - 215, 2500 + 215);
    }

    [Fact]
    public async Task Options_out_of_range_do_not_start()
    {
        var fault = await Assert.ThrowsAsync<ArgumentException>(
            () => SampleBackend.StartAsync(new SampleBackendOptions { Status = 100 }));

        Assert.Equal("Status 100: must be a whole number from 200 to 599", fault.Message);
    }
}
