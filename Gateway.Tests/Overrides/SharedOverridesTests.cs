using Gateway.Actors.Cluster;
using Gateway.Actors.Inspection;
using Gateway.Core.Commands;
using Gateway.Node.Settings;
using Gateway.Tests.Admin;
using Gateway.Tests.EndToEnd;
using Gateway.Tests.EndToEnd.Backends;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Tests.Overrides;

/// <summary>What is said of an endpoint to one replica of a real cluster.</summary>
public sealed class SharedOverridesTests
{
    /// <summary>How long anything may take on a slow machine under load.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    [Fact]
    public async Task A_word_holds_on_all_replicas_on_one_that_joins_and_after_all_but_one_were_replaced()
    {
        await using var backend = RawBackend.Start(RawScripts.Answer());
        var first = await StartAsync("one", backend);
        var second = await StartAsync("two", backend, first);
        await CommandStream.RunAsync(first, $"gateway weight {backend.EndPoint} 7");
        await UntilAsync(() => Endpoint(second).Weight == 7);
        Assert.Equal((EndpointSource.Override, EndpointSource.Override), (Endpoint(first).Source, Endpoint(second).Source));

        await using var third = await StartAsync("three", backend, first);
        await UntilAsync(() => third.State.Ready);
        Assert.Equal(7, Endpoint(third).Weight);

        await first.DisposeAsync();
        await second.DisposeAsync();
        await UntilAsync(() => ViewOf(third).Replicas.Length == 1);
        await using var fourth = await StartAsync("four", backend, third);
        await UntilAsync(() => Endpoint(fourth).Weight == 7);

        await CommandStream.RunAsync(fourth, $"gateway revert {backend.EndPoint}");
        await UntilAsync(() => Endpoint(third) is { Weight: 1, Source: EndpointSource.Settings });
    }

    [Fact]
    public async Task A_drain_that_one_replica_is_asked_for_waits_for_the_requests_of_another()
    {
        var let = new TaskCompletionSource();
        await using var backend = RawBackend.Start(RawScripts.SlowHead(let.Task));
        await using var asked = await StartAsync("asked", backend);
        await using var busy = await StartAsync("busy", backend, asked);
        var hanging = busy.AskAsync();
        await backend.WaitForRequestsAsync(1);

        await using var drain = new CommandStream(asked, $"gateway drain {backend.EndPoint}", Patience);
        await drain.NextAsync<CommandOutput.Line>();
        await drain.NextAsync<CommandOutput.Table>();
        Cell last;
        do
        {
            last = (await drain.NextAsync<CommandOutput.Row>()).Cells[1];
        }
        while (last.Text != "asked 0, busy 1");
        let.SetResult();

        (await hanging).AssertPassedOn(200, "late");
        CommandOutput said;
        do
        {
            said = await drain.NextAsync();
        }
        while (said is CommandOutput.Row);
        Assert.Equal(new CommandOutput.Line($"default/http://{backend.EndPoint} is drained"), said);
        (await busy.AskAsync()).AssertProblem(503, "destination_unavailable", "busy");
    }

    private static async Task<TestGateway> StartAsync(string name, RawBackend backend, TestGateway? seed = null)
    {
        var gateway = await TestGateway.StartAsync([backend.Address], settings: settings => settings with
        {
            GatewayId = name,
            ClusterAddress = new HostPort("127.0.0.1", 0),
            SeedNodes = seed is null ? [] : [SeedOf(seed)],
        });
        var count = seed is null ? 1 : ViewOf(seed).Replicas.Length + 1;
        await UntilAsync(() => ViewOf(gateway) is { Self.Id.Uid: not 0 } view && view.ReachableGateways.Length >= Math.Min(count, 2));
        return gateway;
    }

    private static Gateway.Core.Membership.ClusterView ViewOf(TestGateway gateway) => gateway.Services.GetRequiredService<ClusterViews>().Current;

    private static HostPort SeedOf(TestGateway gateway) =>
        HostPort.TryParse(ViewOf(gateway).Self.Id.Address, out var seed) ? seed : throw new InvalidOperationException("no cluster address");

    private static EndpointReport Endpoint(TestGateway gateway) => Assert.Single(gateway.Services.GetRequiredService<ReplicaInspector>().Endpoints());

    private static async Task UntilAsync(Func<bool> isSo)
    {
        using var limit = new CancellationTokenSource(Patience);
        while (!isSo())
        {
            await Task.Delay(50, limit.Token);
        }
    }
}
