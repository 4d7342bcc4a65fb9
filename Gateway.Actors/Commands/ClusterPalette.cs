using System.Runtime.CompilerServices;
using Akka.Actor;
using Akka.Hosting;
using Gateway.Actors.Cluster;
using Gateway.Actors.Journal;
using Gateway.Actors.Surroundings;
using Gateway.Core.Commands;
using Gateway.Core.Membership;

namespace Gateway.Actors.Commands;

/// <summary>The palette <c>cluster</c>: the members of the cluster, as this replica sees them.</summary>
public sealed class ClusterPalette(ClusterViews views, JournalFeed events, IRequiredActor<ClusterActor> cluster)
{
    private const string Count = "count";
    private const string Address = "address";

    /// <summary>Leaving takes a few seconds.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static readonly string Source = typeof(ClusterActor).Namespace!;

    public Palette Palette => new("cluster", "Who is in the cluster, as this replica sees it.",
    [
        new(new("show", "Every member: address, roles, status, and whether it is reachable.", []), ShowAsync),
        new(new("status", "This replica as a member.", []), StatusAsync),
        new(new("leader", "The address of the leader.", []), LeaderAsync),
        new(
            new("tail", "The last changes of the cluster, then each new one as it comes.",
                [new(Count, "-n", "Changes to begin with.") { Kind = ArgumentKind.Number, Default = "10" }]),
            TailAsync),
        new(
            new("join", "Have this replica join the cluster of another, if it is in none.", [Other("The cluster address of a replica there.")], Changes: true),
            (request, cancellation) => ObeyAsync(new JoinCluster(request.Needed(Address)), "is joining via", cancellation)),
        new(
            new("leave", "Have this replica leave its cluster, until it is started again; it serves on by its own evidence.", [], Changes: true), LeaveAsync),
        new(
            new("down", "Give a replica up that is gone for good. One that lives comes back by itself.", [Other("Its cluster address.")], Changes: true),
            (request, cancellation) => ObeyAsync(new DownReplica(request.Needed(Address)), "gives up", cancellation)),
        new(
            new("down-unreachable", "Give up all replicas that cannot be reached.", [], Changes: true),
            (_, cancellation) => ObeyAsync(new DownUnreachable(), "gives up", cancellation)),
    ]);

    private static CommandArgument Other(string description) =>
        new(Address, "-a", description) { Positional = true, Mandatory = true, Kind = ArgumentKind.Replica };

    private async IAsyncEnumerable<CommandOutput> ObeyAsync(
        IClusterCommand command, string does, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var actor = await cluster.GetAsync(cancellation).ConfigureAwait(false);
        yield return await actor.Ask<ClusterAnswer>(command, Patience, cancellation).ConfigureAwait(false) switch
        {
            ClusterAnswer.Begun([]) => new CommandOutput.Line("there is none"),
            ClusterAnswer.Begun(var replicas) => new CommandOutput.Line($"{views.Current.Self.Id.Address} {does} {string.Join(", ", replicas)}"),
            ClusterAnswer.Refused(var why) => new CommandOutput.Failed(why),
            _ => throw new InvalidOperationException("no such result"),
        };
    }

    private async IAsyncEnumerable<CommandOutput> LeaveAsync(CommandRequest request, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var address = views.Current.Self.Id.Address;
        var actor = await cluster.GetAsync(cancellation).ConfigureAwait(false);
        await actor.Ask<ClusterLeft>(new LeaveCluster(), Patience, cancellation).ConfigureAwait(false);
        yield return new CommandOutput.Line($"{address} has left its cluster");
    }

    private async IAsyncEnumerable<CommandOutput> ShowAsync(CommandRequest request, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await Task.CompletedTask;
        var replicas = views.Current.Replicas;
        yield return new CommandOutput.Table(
            [new("address", "ADDRESS"), new("roles", "ROLES"), new("status", "STATUS"), new("reachability", "REACHABILITY"), new("version", "VERSION")],
            TableStyle.Barred);
        foreach (var replica in replicas)
        {
            yield return new CommandOutput.Row(
                [replica.Id.Address, RolesOf(replica), replica.Status.Name(), replica.Reachable ? "" : "unreachable", replica.Version]);
        }

        yield return new CommandOutput.Line(replicas.Length == 1 ? "Count: 1 node" : $"Count: {replicas.Length} nodes");
    }

    private async IAsyncEnumerable<CommandOutput> StatusAsync(CommandRequest request, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await Task.CompletedTask;
        var view = views.Current;
        yield return new CommandOutput.Table(
        [
            new("address", "ADDRESS"), new("name", "NAME"), new("roles", "ROLES"), new("status", "STATUS"), new("leader", "LEADER"),
            new("oldest", "OLDEST"), new("members", "MEMBERS", CellFormat.Count), new("unreachable", "UNREACHABLE", CellFormat.Count),
        ]);
        yield return new CommandOutput.Row(
        [
            view.Self.Id.Address, view.Self.Name, RolesOf(view.Self), view.Self.Status.Name(), view.Leader == view.Self.Id,
            view.Oldest == view.Self.Id, view.Replicas.Length, view.Replicas.Count(r => !r.Reachable),
        ]);
    }

    private async IAsyncEnumerable<CommandOutput> LeaderAsync(CommandRequest request, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await Task.CompletedTask;
        yield return views.Current.Leader is { } leader
            ? new CommandOutput.Line(leader.Address)
            : new CommandOutput.Failed("no leader is known");
    }

    private async IAsyncEnumerable<CommandOutput> TailAsync(CommandRequest request, [EnumeratorCancellation] CancellationToken cancellation)
    {
        yield return new CommandOutput.Table([new("time", "TIME", Width: 24), new("type", "TYPE", Width: 16), new("text", "TEXT")], TableStyle.Live);
        var begin = events.Last(int.MaxValue).Where(IsOfCluster).TakeLast(request.Number(Count)).Select(e => e.Sequence).FirstOrDefault(long.MaxValue);
        await foreach (var entry in events.FollowAsync(begin == long.MaxValue ? events.Before(0) : begin - 1, cancellation).ConfigureAwait(false))
        {
            if (IsOfCluster(entry))
            {
                yield return new CommandOutput.Row([Times.Show(entry.Time), entry.Type, entry.Text]);
            }
        }
    }

    private static bool IsOfCluster(JournalEntry entry) => entry.Category.StartsWith(Source, StringComparison.Ordinal);

    private static string RolesOf(Replica replica) =>
        $"[{(replica.Sidecar ? "sidecar" : "gateway")}{(replica.Zone is { } zone ? $", zone-{zone}" : "")}]";
}
