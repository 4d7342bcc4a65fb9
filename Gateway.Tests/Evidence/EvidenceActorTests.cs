using System.Collections.Immutable;
using Gateway.Actors.Agreement;
using Gateway.Actors.Cluster;
using Gateway.Actors.Evidence;
using Gateway.Core.Breaking;
using Gateway.Core.Evidence;
using Gateway.Core.Health;
using Gateway.Core.Membership;
using Gateway.Tests.Actors;
using Gateway.Tests.EndToEnd;

namespace Gateway.Tests.Evidence;

/// <summary>A replica's messages to the others, and its requests to them.</summary>
public sealed class EvidenceActorTests : EvidenceTest
{
    [Fact]
    public async Task A_replica_does_not_wait_for_probes_of_others_that_have_other_settings_for_the_pool()
    {
        Replica[] others = [Cast.Replica(2), Cast.Replica(3), Cast.Replica(4)];
        await JoinAsync(others);
        var theirs = Enumerable.Range(1, 50).First(number => !ProbeOwners.Of(TestEndpoints.Address(number), Cast.View(others)).Contains(Cast.Id(1)));
        await ConfigureAsync(Settings(theirs));
        await Observer.ProbeOfAsync(theirs); // At first, since there is no evidence yet.
        await SettleAsync();
        Assert.Equal(ProbeReason.None, EndpointAt(theirs).Status.Duty);

        Environment.Agreement.Current = others.ToImmutableSortedDictionary(replica => replica.Id, _ => ImmutableArray.Create(Pool.Name));
        Sys.EventStream.Publish(new AgreementChanged());
        await Observer.ProbeOfAsync(theirs);
        Assert.Equal(ProbeReason.Owner, EndpointAt(theirs).Status.Duty);

        await AdvanceAsync(EvidenceActor.ViewCoalescing);
        Environment.Agreement.Current = Environment.Agreement.Current.Clear();
        Sys.EventStream.Publish(new AgreementChanged());
        await Eventually.IsAsync(() => EndpointAt(theirs).Status.Duty == ProbeReason.None);
    }

    [Fact]
    public async Task A_trip_is_sent_at_once()
    {
        await StartAsync(1);
        await JoinAsync(Cast.Replica(2));
        Exhaust(EndpointAt(1));
        var edges = (await ToldAsync<EvidenceSent>()).Edges;
        var told = Assert.Single(edges.Entries);
        Assert.Equal((TestEndpoints.Id(1), new Observation(Verdict.Healthy, BreakerPhase.Open)), (told.Endpoint, told.Observation));
        Assert.Equal((edges.Last, edges.Last), (told.Sequence, told.Report));
        Assert.Contains("Status", told.Why, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Edges_that_follow_soon_after_one_go_together_and_join_on_to_it()
    {
        await StartAsync(4);
        await JoinAsync(Cast.Replica(2));
        for (var i = 1; i <= 4; i++)
        {
            Exhaust(EndpointAt(i));
            await SettleAsync();
        }

        var first = (await ToldAsync<EvidenceSent>()).Edges;
        await AdvanceAsync(EvidenceActor.Coalescing);
        var rest = (await ToldAsync<EvidenceSent>()).Edges;
        Assert.Equal((1, 3, first.Last), (first.Entries.Length, rest.Entries.Length, rest.After));
    }

    [Fact]
    public async Task Each_second_the_others_get_a_beat_with_the_last_sequence()
    {
        await StartAsync(1);
        await JoinAsync(Cast.Replica(2));
        await SecondAsync();
        Assert.Equal(1, (await ToldAsync<EvidenceBeat>()).Last);
        Exhaust(EndpointAt(1));
        await SettleAsync();
        await SecondAsync();
        Assert.Equal(2, (await ToldAsync<EvidenceBeat>()).Last);
    }

    [Fact]
    public async Task A_replica_that_asks_gets_all_evidence_and_its_age()
    {
        await StartAsync(2);
        await JoinAsync(Cast.Replica(2));
        Exhaust(EndpointAt(2));
        await SettleAsync();
        await SecondAsync();
        Sys.EventStream.Publish(new FromReplica<IEvidenceMessage>(Cast.Id(2), new SendEvidence()));
        var chunk = (await ToldAsync<EvidenceSnapshot>()).Chunk;
        Assert.Equal((0, 1, 3), (chunk.Index, chunk.Count, (int)chunk.Last));
        Assert.Equal(
            [(TestEndpoints.Id(1), Opinion.Good), (TestEndpoints.Id(2), Opinion.Bad)],
            chunk.Entries.OrderBy(o => o.Endpoint.ToString(), StringComparer.Ordinal).Select(o => (o.Endpoint, o.Observation.Opinion)));
        Assert.Equal(TimeSpan.FromSeconds(1), chunk.Entries.Single(o => o.Endpoint == TestEndpoints.Id(2)).Age);
    }

    [Fact]
    public async Task A_member_that_comes_up_is_asked_for_all_it_has_to_say_and_asked_again_when_nothing_comes()
    {
        await SettleAsync();
        Sys.EventStream.Publish(new ClusterChanged(Cast.View(Cast.Replica(2))));
        await ToldAsync<SendEvidence>();
        await SettleAsync();
        await AdvanceAsync(TimeSpan.FromSeconds(1));
        await ToldAsync<SendEvidence>();
    }

    [Fact]
    public async Task A_hole_in_a_members_stream_makes_its_snapshot_be_asked_for()
    {
        await JoinAsync(Cast.Replica(2));
        Sys.EventStream.Publish(new FromReplica<IEvidenceMessage>(Cast.Id(2), new EvidenceBeat(7)));
        var ask = await Link.FishForMessageAsync<SendToReplica>(sent => sent.Message is SendEvidence);
        Assert.Equal(Cast.Id(2), ask.To);
    }

    [Fact]
    public async Task An_endpoint_that_is_removed_is_withdrawn()
    {
        await StartAsync(2);
        await JoinAsync(Cast.Replica(2));
        await ConfigureAsync(Settings(1));
        var told = Assert.Single((await ToldAsync<EvidenceSent>()).Edges.Entries);
        Assert.Equal((TestEndpoints.Id(2), Opinion.None), (told.Endpoint, told.Observation.Opinion));
    }

    [Fact]
    public async Task A_lone_replica_tells_nobody_anything()
    {
        await StartAsync(1);
        Exhaust(EndpointAt(1));
        await AdvanceAsync(TimeSpan.FromSeconds(2));
        Assert.False(Link.HasMessages);
    }
}
