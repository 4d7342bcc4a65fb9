using Gateway.Actors.Cluster;
using Gateway.Actors.Evidence;
using Gateway.Actors.Local;
using Gateway.Core.Breaking;
using Gateway.Core.Cells;
using Gateway.Core.Endpoints;
using Gateway.Core.Evidence;
using Gateway.Core.Membership;
using Gateway.Core.Outcomes;
using Gateway.Tests.Evidence;

namespace Gateway.Tests.Actors;

/// <summary>A replica, r1 in zone a, with the others played by the test: it sends their messages and reads those to them.</summary>
public abstract class EvidenceTest : ActorTest
{
    private readonly Dictionary<ReplicaId, long> _said = [];

    /// <summary>The cluster consists of r1 and these from now on.</summary>
    private protected async Task JoinAsync(params Replica[] others)
    {
        await SettleAsync();
        Sys.EventStream.Publish(new ClusterChanged(Cast.View(others)));
        foreach (var other in others.Where(o => o.IsGateway && !_said.ContainsKey(o.Id)))
        {
            _said[other.Id] = 0;
            Sys.EventStream.Publish(new FromReplica<IEvidenceMessage>(other.Id, new EvidenceSnapshot(new(0, 0, 1, []))));
        }

        await SettleAsync();
        await AdvanceAsync(RouterActor.Coalescing); // The routers publish for the new view, and their window is over.
    }

    /// <summary>Sends what r<paramref name="number"/> sees of an endpoint.</summary>
    private protected async Task SaysAsync(int number, int endpoint, Observation observation, long verified = 0)
    {
        var sequence = ++_said[Cast.Id(number)];
        var report = observation.Opinion == Opinion.Bad ? sequence : 0;
        var entry = new EvidenceEntry(TestEndpoints.Id(endpoint), sequence, observation, report, verified);
        Sys.EventStream.Publish(new FromReplica<IEvidenceMessage>(Cast.Id(number), new EvidenceSent(new(sequence - 1, [entry]))));
        await SettleAsync();
    }

    /// <summary>Lets a second pass, with a beat from every other replica.</summary>
    private protected async Task SecondAsync()
    {
        foreach (var (replica, last) in _said)
        {
            Sys.EventStream.Publish(new FromReplica<IEvidenceMessage>(replica, new EvidenceBeat(last)));
        }

        await AdvanceAsync(TimeSpan.FromSeconds(1));
    }

    /// <summary>Creates a pool of probed endpoints, and waits until each has its first result and no publication or message is pending.</summary>
    private protected async Task StartAsync(int endpoints)
    {
        await ConfigureAsync(Settings(endpoints));
        await Observer.ProbesAsync(endpoints);
        await SettleAsync();
        await AdvanceAsync(TimeSpan.FromMilliseconds(20));
        await AdvanceAsync(TimeSpan.FromMilliseconds(20));
    }

    private protected Decision DecisionOn(int number) => EndpointAt(number).Status.Decision;

    /// <summary>Sends failing attempts until none is admitted; returns their number.</summary>
    private protected static int Exhaust(Endpoint endpoint)
    {
        var sent = 0;
        while (endpoint.Cell.Breaker.Phase == BreakerPhase.Closed)
        {
            Attempt(endpoint, Outcome.Failure);
            sent++;
        }

        return sent;
    }

    private protected static void Attempt(Endpoint endpoint, Outcome outcome)
    {
        Assert.Equal(Admission.Granted, endpoint.Cell.TryLease(out var lease));
        lease.Report(outcome, outcome == Outcome.Failure ? FailureReason.Status : FailureReason.None);
        lease.Release();
    }
}
