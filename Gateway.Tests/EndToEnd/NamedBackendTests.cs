using Gateway.Tests.EndToEnd.Backends;

namespace Gateway.Tests.EndToEnd;

/// <summary>Backends with host names, which are resolved for each new connection.</summary>
public sealed class NamedBackendTests
{
    [Fact]
    public async Task A_backend_is_found_by_its_name_and_its_connection_is_kept()
    {
        await using var backend = RawBackend.Start(RawScripts.Answer());
        await using var gateway = await TestGateway.StartAsync([new Uri($"http://localhost:{backend.EndPoint.Port}")]);

        (await gateway.AskAsync()).AssertPassedOn(200, "ok");
        (await gateway.AskAsync("POST", body: "hello")).AssertPassedOn(200, "ok");

        Assert.Equal(["", "hello"], backend.Requests.Select(request => request.BodyText));
    }

    [Fact]
    public async Task A_name_that_is_nobodys_is_a_failed_connect_and_another_backend_answers()
    {
        await using var backend = RawBackend.Start(RawScripts.Answer());
        await using var gateway = await TestGateway.StartAsync(
            [new Uri("http://nobody.invalid:80"), backend.Address], pool => pool with { Breaker = new() { Threshold = 1000 } });

        for (var asked = 0; asked < 4; asked++)
        {
            (await gateway.AskAsync("POST", body: "hello")).AssertPassedOn(200, "ok");
        }

        Assert.InRange(await gateway.MetricAsync("gateway_backend_failures_total", ("reason", "connect")), 1, 4);
    }
}
