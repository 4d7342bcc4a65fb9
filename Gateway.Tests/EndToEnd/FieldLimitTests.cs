using Gateway.Tests.EndToEnd.Backends;

namespace Gateway.Tests.EndToEnd;

/// <summary>Limits of header fields in requests and answers: defaults and settings.</summary>
public sealed class FieldLimitTests
{
    [Theory]
    [InlineData(100, null, 200)]
    [InlineData(101, null, 431)]
    [InlineData(101, 150, 200)]
    [InlineData(151, 150, 431)]
    public async Task A_request_with_more_fields_than_set_gets_431(int fields, int? limit, int status)
    {
        await using var backend = RawBackend.Start(RawScripts.Answer());
        await using var gateway = await TestGateway.StartAsync(
            [backend.Address],
            settings: settings => limit is { } set ? settings with { Limits = settings.Limits with { MaxRequestFields = set } } : settings);
        var more = string.Concat(Enumerable.Range(1, fields - 1).Select(i => $"X-{i}: y\r\n"));

        var answer = await RawClient.AskAsync(gateway.Address, $"GET / HTTP/1.1\r\nHost: x\r\n{more}\r\n");

        Assert.Equal(status, answer.Status);
    }

    [Theory]
    [InlineData(128, null, 200)]
    [InlineData(129, null, 502)]
    [InlineData(129, 150, 200)]
    [InlineData(151, 150, 502)]
    public async Task An_answer_with_more_fields_than_set_is_malformed(int fields, int? limit, int status)
    {
        var more = string.Concat(Enumerable.Range(1, fields - 1).Select(i => $"X-{i}: y\r\n"));
        await using var backend = RawBackend.Start(RawScripts.Exactly($"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n{more}\r\n"));
        await using var gateway = await TestGateway.StartAsync(
            [backend.Address],
            pool => limit is { } set ? pool with { Connections = pool.Connections with { MaxAnswerFields = set } } : pool);

        Assert.Equal(status, (int)(await gateway.AskAsync()).Status);
    }
}
