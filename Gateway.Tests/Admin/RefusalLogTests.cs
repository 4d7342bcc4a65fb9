using System.Net;
using System.Net.Http.Headers;
using Gateway.Node.Admin;
using Gateway.Tests.EndToEnd;
using Microsoft.Extensions.Time.Testing;

namespace Gateway.Tests.Admin;

/// <summary>The log of refused admin requests.</summary>
public sealed class RefusalLogTests : IDisposable
{
    private readonly FakeTimeProvider _clock = new();
    private readonly LogRecorder _recorder = new();
    private readonly string _file = Path.GetTempFileName();

    public void Dispose()
    {
        File.Delete(_file);
        _recorder.Dispose();
    }

    [Theory]
    [InlineData(null, "the token is missing")]
    [InlineData("not it", "the token is invalid")]
    public async Task A_failed_authentication_is_logged_with_address_and_reason(string? token, string reason)
    {
        await File.WriteAllTextAsync(_file, "0123456789abcdef");
        await using var gateway = await TestGateway.StartAsync([], settings: settings => settings with { AdminTokenFile = _file });
        using var request = new HttpRequestMessage(HttpMethod.Get, "/status");
        request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);

        using var answer = await gateway.Admin.SendAsync(request);

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        await gateway.LoggedAsync($"admin request from 127.0.0.1 refused: {reason}");
        Assert.DoesNotContain(gateway.Log, line => line.Contains("not it", StringComparison.Ordinal));
    }

    [Fact]
    public void A_storm_of_refusals_is_a_few_lines_and_a_count()
    {
        var log = new RefusalLog(_recorder.CreateLogger("Gateway.Test"), _clock);

        for (var i = 0; i < 100; i++)
        {
            log.Write(IPAddress.Parse("10.0.0.1"), "the token is invalid");
        }

        Assert.Equal(RefusalLog.LinesPerInterval, _recorder.Lines.Count);
        _clock.Advance(RefusalLog.Interval);
        log.Write(IPAddress.Parse("10.0.0.2"), "the token is missing");
        Assert.Contains(_recorder.Lines, line => line.Contains("90 more admin requests were refused", StringComparison.Ordinal));
        Assert.Contains(_recorder.Lines, line => line.Contains("10.0.0.2", StringComparison.Ordinal));
    }
}
