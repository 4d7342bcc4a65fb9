using Akka.Actor;
using Gateway.Actors.Composition;
using Gateway.Actors.Evidence;
using Gateway.Actors.Local;
using Gateway.Core.Breaking;
using Gateway.Core.Evidence;
using Gateway.Core.Pools;
using Gateway.Tests.EndToEnd;
using Gateway.Tests.Evidence;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Tests.Actors;

/// <summary>A crash must not lose what this replica has sent to the others, nor the answer that a caller waits for.</summary>
public sealed class CrashTests : EvidenceTest
{
    private OwnStream Own => Environment.Evidence.Own;

    [Fact]
    public async Task A_router_that_crashes_takes_back_nothing_that_was_said_and_takes_up_the_new_settings_all_the_same()
    {
        await StartAsync(3);
        await JoinAsync(Cast.Replica(2));
        Exhaust(EndpointAt(1));
        await SettleAsync();
        var said = Own.About(TestEndpoints.Id(1))!;
        Observer.CrashAtRemoval();

        var configured = PoolsActor.Ask<PoolsConfigured>(new ConfigurePools([Settings(2)]), TimeSpan.FromSeconds(20));
        await Eventually.IsAsync(() => Environment.Vitals.Crashes.GetValueOrDefault("router") == 1);
        await MoveOnAsync(Gateway.Actors.Local.PoolsActor.AskAgainInterval);
        Assert.Equal(2, (await configured).Pools[PoolSettings.DefaultName].Endpoints.Length);
        await SettleAsync(); // Only now is there an actor for each endpoint, and for no other.

        Assert.Equal((BreakerPhase.Open, said.Entry.Report), (Own.About(TestEndpoints.Id(1))!.Entry.Observation.Breaker, Own.About(TestEndpoints.Id(1))!.Entry.Report));
        Assert.Equal(Opinion.Good, Own.About(TestEndpoints.Id(2))!.Entry.Observation.Opinion);
        Assert.Null(Own.About(TestEndpoints.Id(3)));
    }

    [Fact]
    public async Task After_a_crash_of_a_router_the_others_are_heard_as_before()
    {
        await StartAsync(2);
        await JoinAsync(Cast.Replica(2));
        Sys.ActorSelection("/user/pools/*").Tell(Kill.Instance);
        await Eventually.IsAsync(() => Environment.Vitals.Outages.Any(outage => outage.Kind == "router"));
        await PoolsActor.Ask<ActorIdentity>(new Identify(0), TimeSpan.FromSeconds(20));
        await PassAsync(Gateway.Actors.Local.PoolsActor.AskAgainInterval);
        await SaysAsync(2, 1, Cast.Tripped);
        Assert.Equal(DecisionKind.Suspect, DecisionOn(1).Kind);
        Assert.Equal(Opinion.Good, Own.About(TestEndpoints.Id(1))!.Entry.Observation.Opinion);
    }

    [Fact]
    public async Task An_endpoint_actor_that_ends_is_made_again_and_what_it_said_stands()
    {
        await StartAsync(2);
        await JoinAsync(Cast.Replica(2));
        Exhaust(EndpointAt(1));
        await SettleAsync();
        Sys.ActorSelection("/user/pools/*/*").Tell(Kill.Instance);
        await Eventually.IsAsync(() => Environment.Vitals.Outages.Count() == 2);
        Assert.Equal(BreakerPhase.Open, Own.About(TestEndpoints.Id(1))!.Entry.Observation.Breaker);
        await Sys.ActorSelection("/user/pools/*").Ask<ActorIdentity>(new Identify(0), TimeSpan.FromSeconds(20));
        await PassAsync(TimeSpan.FromSeconds(1));
        await SaysAsync(2, 2, Cast.Tripped);
        Assert.Equal(DecisionKind.Suspect, DecisionOn(2).Kind);
    }

    [Fact]
    public async Task A_caller_that_waits_for_the_pools_when_their_actor_crashes_gets_a_failure_and_the_pools_go_on()
    {
        await StartAsync(2);
        await JoinAsync(Cast.Replica(2));
        Exhaust(EndpointAt(1));
        await SettleAsync();
        await Assert.ThrowsAsync<NotInForceException>(() =>
            PoolsActor.Ask<PoolsConfigured>(new ConfigurePools(default), TimeSpan.FromSeconds(20)));
        await ConfigureAsync(Settings(2));
        Assert.Equal(BreakerPhase.Open, Own.About(TestEndpoints.Id(1))!.Entry.Observation.Breaker);
        Assert.Equal(Opinion.Good, Own.About(TestEndpoints.Id(2))!.Entry.Observation.Opinion);
    }

    [Fact]
    public async Task Evidence_is_sent_anew_to_an_evidence_actor_that_has_lost_its_mailbox()
    {
        await StartAsync(1);
        await JoinAsync(Cast.Replica(2));
        Exhaust(EndpointAt(1));
        await SettleAsync();
        Environment.Evidence.Own = OwnStream.Empty;
        Sys.EventStream.Publish(new Gateway.Actors.Supervision.ActorRestored("evidence"));
        await Eventually.IsAsync(() => Own.About(TestEndpoints.Id(1))?.Entry.Observation.Breaker == BreakerPhase.Open);
    }

    [Fact]
    public async Task An_evidence_actor_that_starts_as_a_peer_becomes_stale_starts()
    {
        // The due time has passed when the timer is armed.
        var clock = new MovingClock(TimeSpan.FromMilliseconds(5));
        var environment = new ActorEnvironment(clock, () => 0.5, Probe, Observer, NullLoggerFactory.Instance);
        environment.Views.Current = Cast.View(Cast.Replica(2));
        var heard = environment.Time.Now;
        environment.Evidence.Book = EvidenceBook.Open(environment.Views.Current, heard).Book.OnBeat(Cast.Id(2), 0, heard).Book;
        clock.Advance(EvidenceBook.FreshFor - TimeSpan.FromMilliseconds(7));

        using var real = ActorSystem.Create("real", "akka { stdout-loglevel = OFF, loglevel = OFF, coordinated-shutdown.run-by-clr-shutdown-hook = off }");
        var actors = new ActorFactory(environment);
        var evidence = real.ActorOf(actors.Evidence(actors.PeersVia(Link)));
        var identity = await evidence.Ask<ActorIdentity>(new Identify(0), TimeSpan.FromSeconds(20));
        Assert.Equal(evidence, identity.Subject);
        await ToldAsync<EvidenceBeat>();
        await real.Terminate();
    }

    /// <summary>Advances both clocks without requiring every actor to be there.</summary>
    private async Task PassAsync(TimeSpan by)
    {
        await MoveOnAsync(by);
        await SettleAsync();
    }

    private async Task MoveOnAsync(TimeSpan by)
    {
        Running.Advance(by);
        Clock.Advance(by);
        ((Akka.TestKit.TestScheduler)Sys.Scheduler).Advance(by);
        await Eventually.IsAsync(() => Environment.Vitals.AllUp);
    }

    /// <summary>Advances on each reading, like a real one.</summary>
    private sealed class MovingClock(TimeSpan step) : TimeProvider
    {
        private long _ticks;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public void Advance(TimeSpan by) => Interlocked.Add(ref _ticks, by.Ticks);

        public override long GetTimestamp() => Interlocked.Add(ref _ticks, step.Ticks);
    }
}
