using System.IO.Pipelines;
using Gateway.Core.Breaking;
using Gateway.Core.Endpoints;
using Gateway.Core.Outcomes;
using Gateway.Core.Pools;
using Gateway.Core.Retrying;
using Gateway.Tests.EndToEnd.Backends;
using Gateway.Upstream;
using Gateway.Upstream.Http2;
using Microsoft.AspNetCore.Http;

namespace Gateway.Tests.Upstream.Http2;

/// <summary>An answer that is given up for another attempt while the body of its request is still being read.</summary>
public sealed class DiscardedUploadTests : IAnswerGate, IDisposable
{
    private const int Kept = 8;

    private readonly Pipe _client = new(new PipeOptions(readerScheduler: PipeScheduler.Inline, useSynchronizationContext: false));
    private readonly RequestBody _body;

    public DiscardedUploadTests() => _body = new RequestBody(_client.Reader, Kept);

    [Fact]
    public async Task Nothing_more_is_taken_of_the_body_once_the_answer_is_given_up()
    {
        await using var backend = Http2Backend.Start(async exchange =>
        {
            await exchange.WaitForBodyAsync();
            await exchange.WriteHeadAsync(503);
            await exchange.WaitForResetAsync();
        });
        using var pools = new Http2Pools(new BackendTls(), TimeProvider.System, () => 0.5);
        var transport = new Http2Transport(pools);
        var address = TestEndpoints.Address(backend.Address.GetLeftPart(UriPartial.Authority));
        var endpoint = new EndpointCell(new("test", address), BreakerPolicy.Default, maxInFlight: 1);
        await _client.Writer.WriteAsync("12345"u8.ToArray());

        // Outside the test's own context: what is written is then read at once, by the thread that writes.
        var report = await Task.Run(() => transport.SendAsync(Exchange(), endpoint).AsTask()).WaitAsync(RawBackend.Patience);

        Assert.Equal(AttemptEnd.Discarded, report.End);
        Assert.Equal((5L, BodyState.Kept), (_body.BytesRead, _body.State));
    }

    public void Dispose() => _body.Dispose();

    /// <summary>The client goes on sending while it is being decided, more than can be kept.</summary>
    bool IAnswerGate.PassOn(in AnswerHead head)
    {
        Assert.True(SpinWait.SpinUntil(() => _body.AwaitsClient, RawBackend.Patience));
        _ = _client.Writer.WriteAsync("67890"u8.ToArray()).AsTask();
        return false;
    }

    private Exchange Exchange()
    {
        var context = new DefaultHttpContext();
        context.Request.Method = "PUT";
        context.Request.Headers.Host = "shop.example";
        return new()
        {
            Context = context,
            Target = "/",
            Pool = new PoolSettings { Name = "test", Endpoints = [], Connections = new() { Protocol = BackendProtocol.Http2 } },
            Fields = new("1.1 gw", "10.0.0.1", "http", null, "for=10.0.0.1"),
            Gate = this,
            ClientGone = CancellationToken.None,
            Begun = TimeProvider.System.GetElapsedTime(0),
            Deadline = TimeProvider.System.GetElapsedTime(0) + RawBackend.Patience,
            Body = _body,
        };
    }
}
