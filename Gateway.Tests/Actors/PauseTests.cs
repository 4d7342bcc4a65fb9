using Gateway.Core.Cells;
using Gateway.Core.Endpoints;
using Gateway.Core.Evidence;
using Gateway.Core.Health;
using Gateway.Core.Outcomes;
using Gateway.Tests.EndToEnd;
using Gateway.Tests.Evidence;

namespace Gateway.Tests.Actors;

/// <summary>The process is stopped for a while, and continues: nothing is at fault for that time.</summary>
public sealed class PauseTests : EvidenceTest
{
    [Fact]
    public async Task A_probe_that_was_under_way_does_not_count_and_is_sent_again()
    {
        await StartAsync(1);
        var end = Probe.Hang(1);
        await AdvanceAsync(TimeSpan.FromSeconds(5));
        await Eventually.IsAsync(() => Probe.CountOf(1) == 2);
        await StopAsync(TimeSpan.FromSeconds(15));
        end(ProbeResult.Fail(TimeSpan.FromSeconds(15), FailureReason.Timeout, "no result within 5 s"));
        await Observer.ProbesAsync(1);
        await SettleAsync();
        Assert.Equal(3, Probe.CountOf(1));
        Assert.Equal(new VerdictState(Verdict.Healthy, 0), EndpointAt(1).Status.Verdict);
        Assert.DoesNotContain(Observer.VerdictMoves, move => move.From == Verdict.Healthy);
    }

    [Fact]
    public async Task A_verdict_does_not_expire_by_it_but_by_the_time_that_the_process_runs()
    {
        await StartAsync(1);
        Probe.Hang(1);
        await AdvanceAsync(TimeSpan.FromSeconds(5));
        await StopAsync(TimeSpan.FromSeconds(60));
        Assert.Equal(Verdict.Healthy, EndpointAt(1).Status.Verdict.Verdict);
        await AdvanceAsync(TimeSpan.FromSeconds(9));
        Assert.Equal(Verdict.Healthy, EndpointAt(1).Status.Verdict.Verdict);
        await AdvanceAsync(TimeSpan.FromSeconds(3));
        Assert.Equal(Verdict.Unknown, EndpointAt(1).Status.Verdict.Verdict);
    }

    [Fact]
    public async Task Peers_are_not_staler_for_it_but_for_the_time_in_which_they_could_have_been_heard()
    {
        await StartAsync(1);
        await JoinAsync(Cast.Replica(2));
        await SaysAsync(2, 1, Cast.Tripped);
        Assert.Equal(DecisionKind.Suspect, DecisionOn(1).Kind);
        await StopAsync(TimeSpan.FromSeconds(15));
        Assert.Equal(DecisionKind.Suspect, DecisionOn(1).Kind);
        Assert.Contains(Cast.Id(2), Environment.Evidence.Book!.Fresh);
        await AdvanceAsync(EvidenceBook.FreshFor);
        await AdvanceAsync(TimeSpan.FromSeconds(1));
        Assert.DoesNotContain(Cast.Id(2), Environment.Evidence.Book!.Fresh);
        Assert.Equal(DecisionKind.Available, DecisionOn(1).Kind);
    }

    [Fact]
    public async Task Requests_that_wait_for_an_answer_meanwhile_make_no_endpoint_suspect()
    {
        await StartAsync(3);
        var waiting = new List<Lease>();
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(Admission.Granted, EndpointAt(1).Cell.TryLease(out var lease));
            waiting.Add(lease);
        }

        await AdvanceAsync(StallWatch.Interval);
        await AdvanceAsync(StallWatch.Interval);
        await StopAsync(TimeSpan.FromSeconds(4));
        Assert.Equal(DecisionKind.Available, DecisionOn(1).Kind);
        waiting.ForEach(lease =>
        {
            lease.Report(Outcome.Success);
            lease.Release();
        });
    }
}
