using Gateway.Actors.Inspection;
using Gateway.Core.Commands;
using Gateway.Tests.Admin;
using Gateway.Tests.EndToEnd;
using Gateway.Tests.EndToEnd.Backends;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Tests.Overrides;

/// <summary>Overrides of an endpoint made at one replica of a real cluster.</summary>
public sealed class SharedOverridesTests
{
    [Fact]
    public async Task A_word_holds_on_all_replicas_on_one_that_joins_and_after_all_but_one_were_replaced()
    {
        await using var backend = RawBackend.Start(RawScripts.Answer());
        var first = await StartAsync("one", backend);
        var second = await StartAsync("two", backend, first);
        await CommandStream.SucceedAsync(first, $"gateway weight {backend.EndPoint} 7");
        await TestCluster.UntilAsync(() => Endpoint(second).Weight == 7);
        Assert.Equal((EndpointSource.Override, EndpointSource.Override), (Endpoint(first).Source, Endpoint(second).Source));

        await using var third = await StartAsync("three", backend, first);
        await TestCluster.UntilAsync(() => third.State.Ready && Endpoint(third).Weight == 7); // Ready after 5 s, with or without the overrides.

        await first.DisposeAsync();
        await second.DisposeAsync();
        await TestCluster.UntilAsync(() => TestCluster.ViewOf(third).Replicas.Length == 1);
        await using var fourth = await StartAsync("four", backend, third);
        await TestCluster.UntilAsync(() => Endpoint(fourth).Weight == 7);

        await CommandStream.SucceedAsync(fourth, $"gateway revert {backend.EndPoint}");
        await TestCluster.UntilAsync(() => Endpoint(third) is { Weight: 1, Source: EndpointSource.Settings });
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

        await using var drain = new CommandStream(asked, $"gateway drain {backend.EndPoint}", TestCluster.WaitTimeout);
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

    private static Task<TestGateway> StartAsync(string name, RawBackend backend, TestGateway? seed = null) =>
        TestCluster.StartAsync(name, [backend.Address], seed);

    private static EndpointReport Endpoint(TestGateway gateway) => Assert.Single(gateway.Services.GetRequiredService<ReplicaInspector>().Endpoints());
}
