using Gateway.Tests.EndToEnd.Backends;
using Gateway.Tests.Processes;

namespace Gateway.Tests.EndToEnd;

/// <summary>
/// One event loop for all connections: anything that blocks it blocks all clients. With clients and backends as slow as possible, other requests are still
/// answered.
/// </summary>
public sealed class SlowPeersTests
{
    private const int Large = 64 * 1024 * 1024;

    [Fact]
    public async Task Nobody_slow_keeps_the_event_loop_from_anybody_else()
    {
        await using var fast = RawBackend.Start(RawScripts.Answer());
        await using var hanging = RawBackend.Start(RawScripts.Hang);
        await using var deaf = RawBackend.Start(async exchange =>
        {
            await exchange.ReadHeadAsync();
            await Task.Delay(Timeout.InfiniteTimeSpan, exchange.Stopping); // It takes no more of the body than fits into buffers.
        });
        await using var large = RawBackend.Start(RawScripts.Answer(200, new string('x', Large)));
        await using var gateway = await GatewayProcess.StartAsync(
            $$"""
            {
              "eventLoops": 1,
              "pools": {
                "default": { "endpoints": [ { "address": "{{Text(fast)}}" } ], "health": { "kind": "none" } },
                "hanging": { "endpoints": [ { "address": "{{Text(hanging)}}" } ], "health": { "kind": "none" } },
                "deaf": { "endpoints": [ { "address": "{{Text(deaf)}}" } ], "health": { "kind": "none" } },
                "large": { "endpoints": [ { "address": "{{Text(large)}}" } ], "health": { "kind": "none" } }
              },
              "routes": [
                { "name": "fast" },
                { "name": "hanging", "pathPrefix": "/hanging", "pool": "hanging" },
                { "name": "deaf", "pathPrefix": "/deaf", "pool": "deaf" },
                { "name": "large", "pathPrefix": "/large", "pool": "large" }
              ]
            }
            """);

        List<RawClient> slow = [];
        for (var i = 0; i < 8; i++)
        {
            foreach (var request in (string[])
            [
                "GET /hanging HTTP/1.1\r\nHost: x\r\n\r\n",
                "GET /large HTTP/1.1\r\nHost: x\r\n\r\n", // Its answer is never read.
                "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nhalf",
                "GET / HTTP/1.1\r\nHo",
                $"POST /deaf HTTP/1.1\r\nHost: x\r\nContent-Length: {Large}\r\n\r\n{new string('x', 256 * 1024)}",
            ])
            {
                var client = await RawClient.ConnectAsync(gateway.Address);
                slow.Add(client);
                await client.SendAsync(request);
            }
        }

        await Task.WhenAll(hanging.WaitForRequestsAsync(8), deaf.WaitForRequestsAsync(8), large.WaitForRequestsAsync(8));
        using var http = new HttpClient { BaseAddress = gateway.Address, Timeout = RawBackend.WaitTimeout };
        for (var round = 0; round < 20; round++)
        {
            var replies = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => http.GetStringAsync(new Uri("/", UriKind.Relative))));
            Assert.All(replies, reply => Assert.Equal("ok", reply));
        }

        foreach (var client in slow)
        {
            await client.DisposeAsync();
        }
    }

    private static string Text(RawBackend backend) => backend.Address.GetLeftPart(UriPartial.Authority);
}
