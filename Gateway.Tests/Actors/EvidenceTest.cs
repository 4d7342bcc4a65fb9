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

/// <summary>A replica, r1 in zone a, whose others are played by the test: it says what they say and reads what they are told.</summary>
public abstract class EvidenceTest : ActorTest
{
    private readonly Dictionary<ReplicaId, long> _said = [];

    /// <summary>The cluster is r1 and these from now on.</summary>
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
        await AdvanceAsync(RouterActor.Coalescing); // The routers publish for the new view; the window of that is over.
    }

    /// <summary>r<paramref name="number"/> sees an endpoint so.</summary>
    private protected async Task SaysAsync(int number, int endpoint, Sight sight, long verified = 0)
    {
        var sequence = ++_said[Cast.Id(number)];
        var report = sight.Opinion == Opinion.Bad ? sequence : 0;
        var observation = new Observation(TestEndpoints.Id(endpoint), sequence, sight, report, verified);
        Sys.EventStream.Publish(new FromReplica<IEvidenceMessage>(Cast.Id(number), new EvidenceSent(new(sequence - 1, [observation]))));
        await SettleAsync();
    }

    /// <summary>Lets a second pass, with a beat of every other replica.</summary>
    private protected async Task SecondAsync()
    {
        foreach (var (replica, last) in _said)
        {
            Sys.EventStream.Publish(new FromReplica<IEvidenceMessage>(replica, new EvidenceBeat(last)));
        }

        await AdvanceAsync(TimeSpan.FromSeconds(1));
    }

    /// <summary>A pool of probed endpoints, once each has its first result and no publication or message waits for others.</summary>
    private protected async Task StartAsync(int endpoints)
    {
        await ConfigureAsync(Settings(endpoints));
        await Observer.ProbesAsync(endpoints);
        await SettleAsync();
        await AdvanceAsync(TimeSpan.FromMilliseconds(20));
        await AdvanceAsync(TimeSpan.FromMilliseconds(20));
    }

    private protected Decision DecisionOn(int number) => EndpointAt(number).Status.Decision;

    /// <summary>Sends attempts that fail until none gets through; answers how many that took.</summary>
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
        Assert.Equal(Admission.Granted, endpoint.Cell.TryLease(false, out var lease));
        lease.Report(outcome, outcome == Outcome.Failure ? FailureReason.Status : FailureReason.None);
        lease.Release();
    }
}
