using System.Runtime.CompilerServices;
using Akka.Actor;
using Gateway.Core.Commands;

namespace Gateway.Actors.Commands;

/// <summary>The palette <c>actor</c>: the actors in the system that owns endpoints, routers and probing.</summary>
public sealed class ActorPalette(ActorSystem system)
{
    private const string Depth = "depth";
    private const string Path = "path";

    public Palette Palette => new("actor", "The actors of this replica.",
    [
        new(new("system", "Name, version and uptime of the actor system.", []), SystemAsync),
        new(
            new("hierarchy", "The hierarchy of actors.",
            [
                new(Depth, "-d", "Levels to show.") { Kind = ArgumentKind.Number, Default = "10" },
                new(Path, "-s", "Path of the root, such as /user/pools.") { Default = "/" },
            ]),
            HierarchyAsync),
    ]);

    private async IAsyncEnumerable<CommandOutput> SystemAsync(CommandRequest request, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await Task.CompletedTask;
        yield return new CommandOutput.Table([new("name", "NAME"), new("version", "AKKA"), new("uptimeSeconds", "UP", CellFormat.Seconds), new("actors", "ACTORS", CellFormat.Count)]);
        yield return new CommandOutput.Row([
            system.Name,
            typeof(ActorSystem).Assembly.GetName().Version?.ToString(3),
            Math.Round(system.Uptime.TotalSeconds, 1),
            Root() is { } root ? 1 + CountBelow(root) : 0,
        ]);
    }

    private async IAsyncEnumerable<CommandOutput> HierarchyAsync(CommandRequest request, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await Task.CompletedTask;
        var from = Root();
        foreach (var name in request.Needed(Path).Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            from = from is null ? null : ChildrenOf(from).FirstOrDefault(child => child.Path.Name == name);
        }

        if (from is null)
        {
            yield return new CommandOutput.Failed($"no actor at {request.Needed(Path)}");
            yield break;
        }

        yield return new CommandOutput.Line(from.Path.ToStringWithoutAddress());
        foreach (var line in LinesBelow(from, "", request.Number(Depth)))
        {
            yield return new CommandOutput.Line(line);
        }
    }

    private static IEnumerable<string> LinesBelow(IActorRef actor, string indent, int depth)
    {
        var children = depth > 0 ? ChildrenOf(actor).OrderBy(c => c.Path.Name, StringComparer.Ordinal).ToList() : [];
        for (var i = 0; i < children.Count; i++)
        {
            var last = i == children.Count - 1;
            yield return $"{indent}{(last ? "└─ " : "├─ ")}{children[i].Path.Name}";
            foreach (var line in LinesBelow(children[i], indent + (last ? "   " : "│  "), depth - 1))
            {
                yield return line;
            }
        }
    }

    private static int CountBelow(IActorRef actor) => ChildrenOf(actor).Sum(child => 1 + CountBelow(child));

    private static IEnumerable<IActorRef> ChildrenOf(IActorRef actor) => actor is ActorRefWithCell withCell ? withCell.Children : [];

    private IActorRef? Root() => (system as ExtendedActorSystem)?.Provider.RootGuardian;
}
