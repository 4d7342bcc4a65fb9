using Gateway.Tests.EndToEnd.Backends;

namespace Gateway.Tests.EndToEnd;

public sealed class ForwardingTests
{
    [Fact]
    public async Task A_request_goes_to_a_backend_and_its_answer_back()
    {
        await using var backend = RawBackend.Start(RawScripts.Answer());
        await using var gateway = await TestGateway.StartAsync([backend.Address]);
        var answer = await gateway.Client.GetAsync(new Uri("/a?b=c", UriKind.Relative));
        Assert.Equal(200, (int)answer.StatusCode);
        Assert.Equal("/a?b=c", Assert.Single(backend.Requests).Target);
        await gateway.Client.GetAsync(new Uri("/health", UriKind.Relative)); // On the same connection, so the first request is over.
        Assert.Equal(1, await gateway.MetricAsync("gateway_request_total", ("status", "200"), ("method", "GET")));
    }
}
