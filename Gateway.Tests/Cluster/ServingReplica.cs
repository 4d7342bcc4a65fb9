using System.Runtime.CompilerServices;
using Akka.Actor;
using Gateway.Actors.Composition;
using Gateway.Actors.Local;
using Gateway.Core.Balancing;
using Gateway.Core.Cells;
using Gateway.Core.Endpoints;
using Gateway.Core.Evidence;
using Gateway.Core.Outcomes;
using Gateway.Core.Pools;

namespace Gateway.Tests.Cluster;

/// <summary>A replica of a real cluster on loopback with all of the gateway's actors; the test provides requests and endpoints.</summary>
internal sealed class ServingReplica : IAsyncDisposable
{
    /// <summary>The time limit of any operation on a slow machine under load.</summary>
    private static readonly TimeSpan WaitTimeout = TimeSpan.FromSeconds(60);

    private ServingReplica(TestReplica replica, Pool pool) => (Replica, Pool) = (replica, pool);

    public TestReplica Replica { get; }

    public Pool Pool { get; }

    /// <summary>Starts one at each port, in these zones, and waits until they form one cluster in which each has the others' evidence.</summary>
    public static async Task<List<ServingReplica>> StartAsync(PoolSettings settings, params IReadOnlyList<(ReservedPort Port, string Zone)> places)
    {
        var replicas = new List<ServingReplica>();
        foreach (var (port, zone) in places)
        {
            // Long retries, since many at once are slow to form on a busy machine; the first alone, so that the others can join it.
            var replica = TestReplica.Start(
                port, places.Select(place => place.Port), zone, options => options with { Times = TestReplica.Times with { Retry = TimeSpan.FromSeconds(20) } });
            replicas.Add(await StartAsync(replica, settings));
            if (replicas.Count == 1)
            {
                await replica.SeesGatewaysAsync(1);
            }
        }

        await Task.WhenAll(replicas.Select(replica => replica.Replica.SeesGatewaysAsync(places.Count)));
        await Task.WhenAll(replicas.Select(replica => replica.UntilAsync(r => r.Replica.Environment.Evidence.Book is { Complete: true })));
        return replicas;
    }

    private static async Task<ServingReplica> StartAsync(TestReplica replica, PoolSettings settings)
    {
        var (system, actors) = (replica.System, new ActorFactory(replica.Environment));
        var peers = actors.PeersVia(replica.Actor);
        var evidence = system.ActorOf(actors.Evidence(peers), "evidence");
        var prober = system.ActorOf(actors.Prober(), "prober");
        var grants = system.ActorOf(actors.Grants(peers), "grants");
        var pools = system.ActorOf(actors.Pools(prober, evidence, grants), "pools");
        var configured = await pools.Ask<PoolsConfigured>(new ConfigurePools([settings]), WaitTimeout);
        return new(replica, configured.Pools[settings.Name]);
    }

    public Endpoint EndpointAt(int number) => Pool.Endpoints.Single(e => e.Id.Address == TestEndpoints.Address(number));

    public EndpointStatus StatusOf(int number) => EndpointAt(number).Status;

    public DecisionKind DecisionOn(int number) => StatusOf(number).Decision.Kind;

    /// <summary>Picks an endpoint for a request, which fails or succeeds immediately; null: none.</summary>
    public int? Send(Func<int, Outcome> outcome, ulong random = 1)
    {
        if (Pool.Picker.Pick(new PickContext(0, random, Replica.Environment.Time.Now)) is not { Kind: PickKind.Picked } pick)
        {
            return null;
        }

        var lease = pick.Lease;
        var number = TestEndpoints.NumberOf(lease.Cell.Id.Address);
        lease.Report(outcome(number), FailureReason.Status);
        lease.Release();
        return number;
    }

    /// <summary>Sends failing attempts to one endpoint until its breaker trips; returns their number.</summary>
    public int Exhaust(int number)
    {
        var sent = 0;
        while (EndpointAt(number).Cell.TryLease(out var lease) == Admission.Granted)
        {
            sent++;
            lease.Report(Outcome.Failure, FailureReason.Status);
            lease.Release();
        }

        return sent;
    }

    /// <summary>Waits until a condition holds here.</summary>
    public async Task UntilAsync(Func<ServingReplica, bool> holds, [CallerArgumentExpression(nameof(holds))] string text = "")
    {
        using var limit = new CancellationTokenSource(WaitTimeout);
        while (!holds(this))
        {
            if (limit.IsCancellationRequested)
            {
                throw new TimeoutException($"{Replica.Address}: never {text}\n{string.Join('\n', Replica.Log)}");
            }

            await Task.Delay(5);
        }
    }

    public ValueTask DisposeAsync() => Replica.DisposeAsync();
}
