using System.Globalization;
using Gateway.Core.Breaking;
using Gateway.Node.Engine;
using Gateway.Tests.EndToEnd.Backends;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Tests.EndToEnd;

/// <summary>
/// Connections taken while their backend closes them, on all loops at once and at a limit that makes clients wait for each other's: afterwards every place is
/// accounted for. Runs three seconds, or GATEWAY_STRESS_SECONDS.
/// </summary>
public sealed class ConnectionStressTests
{
    private const int Clients = 16;
    private const int Max = 4;

    /// <summary>The requests of each client, even if they take longer than the test is to run.</summary>
    private const int MinRequests = 10;

    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(
        double.Parse(Environment.GetEnvironmentVariable("GATEWAY_STRESS_SECONDS") ?? "3", CultureInfo.InvariantCulture));

    [Fact]
    public async Task Takes_against_closes_leave_every_place_accounted_for()
    {
        var random = new Random(1);
        await using var backend = RawBackend.Start(async exchange =>
        {
            await exchange.ReadRequestAsync();
            await exchange.AnswerAsync(200, "ok");
            switch (Next())
            {
                case 0: exchange.Close(); break; // At once: often while the next request is in flight.
                case 1: exchange.Reset(); break;
                default: break;
            }

            int Next()
            {
                lock (random)
                {
                    return random.Next(6);
                }
            }
        });
        await using var gateway = await TestGateway.StartAsync([backend.Address], pool => pool with
        {
            Connections = pool.Connections with { Max = Max, QueueSize = Clients },
            Breaker = new() { Threshold = BreakerWord.MaxCount },
            Retry = new() { BudgetPercent = 100, BudgetMinimum = 100_000 },
        });
        using var end = new CancellationTokenSource(Duration);

        var asked = await Task.WhenAll(Enumerable.Range(0, Clients).Select(_ => Task.Run(() => AskAsync(gateway, end.Token))));

        var cell = gateway.Pool.Endpoints[0].Cell;
        var counts = gateway.Services.GetRequiredService<AllConnections>();
        await Eventually.IsAsync(() => counts.Read(cell) is var now && now.Open == now.Idle && now.Waiting == 0);
        var last = counts.Read(cell);
        Assert.InRange(last.Open, 0, Max);
        Assert.Equal((0, 0), (cell.InFlight, cell.Breaker.Trials));
        Assert.DoesNotContain(gateway.Log, line => line.Contains("unexpected error", StringComparison.Ordinal));
        Assert.True(last.Created > Clients && asked.Sum() > MinRequests * Clients, $"too little happened to say anything: {asked.Sum()} requests, {last}");
    }

    /// <summary>Sends requests without a pause; returns their number.</summary>
    private static async Task<int> AskAsync(TestGateway gateway, CancellationToken end)
    {
        await using var client = await RawClient.ConnectAsync(gateway.Address);
        var asked = 0;
        for (; !end.IsCancellationRequested || asked <= MinRequests; asked++)
        {
            await client.SendAsync("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
            var answer = await client.ReadAnswerAsync();
            Assert.Contains(answer.Status, (int[])[200, 502, 503]); // A request that meets closed connections repeatedly may fail, but with an answer.
        }

        return asked;
    }
}
