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
    private static readonly TimeSpan CommandTimeout = TimeSpan.FromSeconds(30);

    private static readonly string Source = typeof(ClusterActor).Namespace!;

    public Palette Palette => new("cluster", "The members of the cluster, as this replica sees them.",
    [
        new(new("show", "All members: address, roles, status and reachability.", []), ShowAsync),
        new(new("status", "This replica as a member.", []), StatusAsync),
        new(new("leader", "The address of the leader.", []), LeaderAsync),
        new(
            new("tail", "The last changes of the cluster, then new ones as they happen.",
                [new(Count, "-n", "Number of past changes.") { Kind = ArgumentKind.Number, Default = "10" }]),
            TailAsync),
        new(
            new("join", "Join this replica to the cluster of another one, if it is in none.", [Other("Cluster address of a member.")], Changes: true),
            (request, cancellation) => ExecuteAsync(new JoinCluster(request.Needed(Address)), "is joining via", cancellation)),
        new(
            new("leave", "Take this replica out of its cluster until its next start; it keeps serving, using its own evidence.", [], Changes: true), LeaveAsync),
        new(
            new("down", "Remove a replica that is gone for good. A live one rejoins by itself.", [Other("Cluster address of the replica.")], Changes: true),
            (request, cancellation) => ExecuteAsync(new DownReplica(request.Needed(Address)), "removes", cancellation)),
        new(
            new("down-unreachable", "Remove all unreachable replicas.", [], Changes: true),
            (_, cancellation) => ExecuteAsync(new DownUnreachable(), "removes", cancellation)),
    ]);

    private static CommandArgument Other(string description) =>
        new(Address, "-a", description) { Positional = true, Mandatory = true, Kind = ArgumentKind.Replica };

    private async IAsyncEnumerable<CommandOutput> ExecuteAsync(
        IClusterCommand command, string does, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var actor = await cluster.GetAsync(cancellation).ConfigureAwait(false);
        yield return await actor.Ask<ClusterAnswer>(command, CommandTimeout, cancellation).ConfigureAwait(false) switch
        {
            ClusterAnswer.Begun([]) => new CommandOutput.Line("no replica is unreachable"),
            ClusterAnswer.Begun(var replicas) => new CommandOutput.Line($"{views.Current.Self.Id.Address} {does} {string.Join(", ", replicas)}"),
            ClusterAnswer.Refused(var why) => new CommandOutput.Failed(why),
            _ => throw new InvalidOperationException("unexpected result"),
        };
    }

    private async IAsyncEnumerable<CommandOutput> LeaveAsync(CommandRequest request, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var address = views.Current.Self.Id.Address;
        var actor = await cluster.GetAsync(cancellation).ConfigureAwait(false);
        await actor.Ask<ClusterLeft>(new LeaveCluster(), CommandTimeout, cancellation).ConfigureAwait(false);
        yield return new CommandOutput.Line($"{address} left its cluster");
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
