using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Akka.Actor;
using Akka.Hosting;
using Gateway.Actors.Inspection;
using Gateway.Actors.Surroundings;
using Gateway.Actors.Surveys;
using Gateway.Core.Commands;
using Gateway.Core.Evidence;
using Gateway.Core.Membership;

namespace Gateway.Actors.Commands;

/// <summary>The commands of the palette <c>gateway</c> that show cluster-wide state: once settled, every replica gives the same answer.</summary>
public sealed class ClusterReadings(
    ReplicaInspector inspector,
    IReplica replica,
    ClusterViews views,
    EvidenceLedger evidence,
    SettingsAgreement agreement,
    IRequiredActor<SurveyActor> surveyor,
    TimeProvider clock)
{
    public ImmutableArray<Command> Commands =>
    [
        new(new("replicas", "The replicas of the cluster: how many endpoints each reports good and bad, and whether their settings differ.", []), ReplicasAsync),
        new(new("endpoints", "The endpoints as all replicas together see them.", [EndpointArguments.OfPool]), EndpointsAsync),
        new(
            new("endpoint", "Everything known about one endpoint: its state on each replica and why, and each replica's report.", [EndpointArguments.Endpoint]),
            EndpointAsync),
    ];

    private async IAsyncEnumerable<CommandOutput> ReplicasAsync(CommandRequest request, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await Task.CompletedTask;
        var (view, book, now) = (views.Current, evidence.Book, clock.GetElapsedTime(0));
        var opinions = inspector.Endpoints().SelectMany(e => e.Opinions).ToLookup(o => o.Replica);
        yield return new CommandOutput.Table(
        [
            new("name", "REPLICA"), new("zone", "ZONE"), new("kind", "KIND"), new("status", "STATUS"), new("reachable", "REACHABLE"), new("version", "VERSION"),
            new("address", "ADDRESS"), new("good", "GOOD", CellFormat.Count), new("bad", "BAD", CellFormat.Count), new("heardSeconds", "HEARD", CellFormat.Seconds),
            new("settings", "SETTINGS"),
        ]);
        foreach (var member in view.ByName)
        {
            var heard = book?.Streams.GetValueOrDefault(member.Id)?.Heard;
            yield return new CommandOutput.Row(
            [
                member.Name, member.Zone, member.Sidecar ? "sidecar" : "gateway", member.Status.Name(), member.Reachable, member.Version, member.Id.Address,
                Count(opinions[member.Name], Opinion.Good), Count(opinions[member.Name], Opinion.Bad), (now - heard)?.TotalSeconds,
                agreement.Describe(member.Id),
            ]);
        }

        static Cell Count(IEnumerable<OpinionReport> said, Opinion opinion) => (double)said.Count(o => o.Opinion == opinion);
    }

    private async IAsyncEnumerable<CommandOutput> EndpointsAsync(CommandRequest request, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await Task.CompletedTask;
        var pool = request[EndpointArguments.Pool];
        if (EndpointArguments.FaultOf(pool, replica) is { } fault)
        {
            yield return fault;
            yield break;
        }

        yield return new CommandOutput.Table(
        [
            new("pool", "POOL"), new("address", "ADDRESS"), new("zone", "ZONE"), new("weight", "WEIGHT", CellFormat.Count), new("priority", "PRIO", CellFormat.Count),
            new("source", "SOURCE"), new("state", "STATE"), new("verdict", "VERDICT"), new("breaker", "BREAKER"), new("reason", "REASON"),
        ]);
        foreach (var endpoint in inspector.Endpoints(pool))
        {
            var view = CommonView.Of(endpoint);
            yield return new CommandOutput.Row(
            [
                endpoint.Pool, endpoint.Address, endpoint.Zone, endpoint.Weight, endpoint.Priority, endpoint.Source.Name(), view.State, view.Verdict, view.Breaker,
                view.Reason,
            ]);
        }
    }

    private async IAsyncEnumerable<CommandOutput> EndpointAsync(CommandRequest request, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var found = inspector.Find(request.Needed(EndpointArguments.Id));
        if (found is EndpointLookup.Missing(var why))
        {
            yield return new CommandOutput.Failed(why);
            yield break;
        }

        var (endpoint, report) = (EndpointLookup.Found)found;
        var actor = await surveyor.GetAsync(cancellation).ConfigureAwait(false);
        var survey = await actor.Ask<EndpointSurvey>(new SurveyEndpoint(endpoint.Id), 2 * SurveyActor.ReplyTimeout, cancellation).ConfigureAwait(false);
        foreach (var output in EndpointDetails.Of(report, survey))
        {
            yield return output;
        }
    }
}
