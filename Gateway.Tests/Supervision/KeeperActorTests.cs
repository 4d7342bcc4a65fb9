using Akka.Actor;
using Akka.Configuration;
using Akka.TestKit;
using Akka.TestKit.Xunit2;
using Gateway.Actors.Supervision;
using Gateway.Actors.Surroundings;
using Gateway.Tests.EndToEnd;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace Gateway.Tests.Supervision;

/// <summary>An actor that the replica cannot do without, and its crashes.</summary>
public sealed class KeeperActorTests : TestKit
{
    private static readonly Config Virtual = ConfigurationFactory.ParseString("""
        akka.scheduler.implementation = "Akka.TestKit.TestScheduler, Akka.TestKit"
        akka.stdout-loglevel = OFF
        akka.loglevel = OFF
        """);

    private readonly FragileActor.Faults _faults = new();
    private readonly LogRecorder _log = new();
    private readonly FakeTimeProvider _clock = new();
    private readonly Vitals _vitals = new();
    private readonly Keepers _keepers;
    private readonly TestProbe _restored;

    public KeeperActorTests()
        : base(Virtual)
    {
        _keepers = new(_vitals, new(_clock), LoggerFactory.Create(logging => logging.AddProvider(_log)));
        _restored = CreateTestProbe();
        Sys.EventStream.Subscribe(_restored, typeof(ActorRestored));
    }

    [Fact]
    public async Task It_passes_on_what_it_is_sent_and_who_sent_it()
    {
        var keeper = Keep();
        Assert.Equal("hello", await AskAsync(keeper, "hello"));
        Assert.True(_vitals.AllUp);
    }

    [Fact]
    public async Task A_crash_restarts_the_actor_with_its_mailbox_and_those_who_keep_it_informed_hear_of_it()
    {
        var keeper = Keep();
        keeper.Tell("crash");
        Assert.Equal("hello", await AskAsync(keeper, "hello"));
        Assert.Equal((2, 1L, true), (_faults.Starts, _vitals.Crashes["fragile"], _vitals.AllUp));
        await AdvanceAsync(keeper, TimeSpan.FromSeconds(1));
        Assert.Equal("fragile", (await _restored.ExpectMsgAsync<ActorRestored>()).Kind);
    }

    [Fact]
    public async Task Messages_sent_before_its_child_is_known_wait()
    {
        var faults = _faults;
        var keeper = Sys.ActorOf(_keepers.Of("fragile", null));
        var answer = AskAsync(keeper, "hello");
        await keeper.Ask<ActorIdentity>(new Identify(0), TimeSpan.FromSeconds(20));
        Assert.Equal((false, 0), (answer.IsCompleted, Volatile.Read(ref _faults.Starts)));

        keeper.Tell(new KeepActor(Props.Create(() => new FragileActor(faults))));
        Assert.Equal("hello", await answer);
        Assert.True(_vitals.AllUp);
    }

    [Fact]
    public async Task A_keeper_that_crashes_itself_makes_the_actor_again_that_it_was_told_to_keep()
    {
        var faults = _faults;
        var keeper = await Sys.ActorOf(RestartingParent.Of(_keepers.Of("fragile", null))).Ask<IActorRef>("whom do you supervise?", TimeSpan.FromSeconds(20));
        keeper.Tell(new KeepActor(Props.Create(() => new FragileActor(faults))));
        Assert.Equal("hello", await AskAsync(keeper, "hello"));

        keeper.Tell(Kill.Instance);
        Assert.Equal("again", await AskAsync(keeper, "again"));
        Assert.Equal((2, true), (Volatile.Read(ref _faults.Starts), _vitals.AllUp));

        keeper.Tell("end");
        await Eventually.IsAsync(() => !_vitals.AllUp);
        await AdvanceAsync(keeper, KeeperActor.FirstDelay);
        Assert.Equal("and again", await AskAsync(keeper, "and again"));
    }

    [Fact]
    public async Task One_that_ends_is_made_again_and_gets_what_was_sent_meanwhile()
    {
        var keeper = Keep();
        keeper.Tell("end");
        await Eventually.IsAsync(() => !_vitals.AllUp);
        var outage = Assert.Single(_vitals.Outages);
        Assert.Equal(("fragile", "fragile"), (outage.Kind, outage.Name));
        var answer = AskAsync(keeper, "hello");
        await AdvanceAsync(keeper, KeeperActor.FirstDelay);
        Assert.Equal("hello", await answer);
        Assert.True(_vitals.AllUp);
        Assert.Contains(_log.Lines, line => line.Contains("the fragile actor stopped", StringComparison.Ordinal));
        Assert.Contains(_log.Lines, line => line.Contains("the fragile actor is running again", StringComparison.Ordinal));
    }

    [Fact]
    public async Task One_that_cannot_start_is_tried_again_at_growing_intervals_until_it_can()
    {
        _faults.FailingStarts = 3;
        var keeper = Keep();
        var answer = AskAsync(keeper, "hello");
        foreach (var (starts, delay) in new[] { (1, 100), (2, 200), (3, 400) })
        {
            await _log.WaitAsync("actor-stopped", starts);
            await AdvanceAsync(keeper, TimeSpan.FromMilliseconds(delay - 1));
            Assert.Equal(starts, Volatile.Read(ref _faults.Starts));
            await AdvanceAsync(keeper, TimeSpan.FromMilliseconds(1));
        }

        Assert.Equal("hello", await answer);
        Assert.Equal((4, true, 3L), (_faults.Starts, _vitals.AllUp, _vitals.Crashes["fragile"]));
    }

    [Fact]
    public async Task One_that_crashes_at_everything_does_not_loop()
    {
        var keeper = Keep();
        for (var i = 0; i < 100; i++)
        {
            keeper.Tell("crash");
        }

        await Eventually.IsAsync(() => !_vitals.AllUp);
        Assert.InRange(_faults.Starts, 2, 12);
    }

    [Fact]
    public async Task The_alarm_ends_with_the_system_that_needed_the_actor()
    {
        var keeper = Keep();
        keeper.Tell("end");
        await Eventually.IsAsync(() => !_vitals.AllUp);

        await keeper.GracefulStop(TimeSpan.FromSeconds(20));

        Assert.True(_vitals.AllUp);
    }

    private IActorRef Keep()
    {
        var faults = _faults;
        return Sys.ActorOf(_keepers.Of("fragile", Props.Create(() => new FragileActor(faults))));
    }

    private static async Task<string> AskAsync(IActorRef keeper, string what) => await keeper.Ask<string>(what, TimeSpan.FromSeconds(20));

    private async Task AdvanceAsync(IActorRef keeper, TimeSpan by)
    {
        // The keeper answers Identify itself, so it has armed its timers by then.
        await keeper.Ask<ActorIdentity>(new Identify(0), TimeSpan.FromSeconds(20));
        _clock.Advance(by);
        ((TestScheduler)Sys.Scheduler).Advance(by);
        await keeper.Ask<ActorIdentity>(new Identify(0), TimeSpan.FromSeconds(20));
    }

    /// <summary>Restarts its only child at every crash, and tells who it is.</summary>
    private sealed class RestartingParent : UntypedActor
    {
        private readonly IActorRef _child;

        public RestartingParent(Props child) => _child = Context.ActorOf(child);

        public static Props Of(Props child) => Props.Create(() => new RestartingParent(child));

        protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => Directive.Restart);

        protected override void OnReceive(object message) => Sender.Tell(_child);
    }
}
