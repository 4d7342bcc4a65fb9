using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Gateway.Actors.Inspection;
using Gateway.Core.Commands;

namespace Gateway.Actors.Commands;

/// <summary>The commands of the palette <c>gateway</c> that show how requests are routed.</summary>
public sealed class RouteReadings(IReplica replica)
{
    private const string Method = "method";
    private const string Url = "url";
    private const string Field = "field";
    private const string Client = "client";

    public ImmutableArray<Command> Commands =>
    [
        new(new("routes", "The routes, and the pool of each.", []), RoutesAsync),
        new(
            new("route test", "Explain what would happen to a request, without sending it.",
            [
                new(Method, "-m", "Method of the request, such as GET.") { Positional = true, Mandatory = true },
                new(Url, "-u", "URL of the request: http://host/path?query, httpcg://plane/host/path?query, or only the path.") { Positional = true, Mandatory = true },
                new(Field, "-H", "Header field of the request: 'Name: value'.") { Repeats = true },
                new(Client, "-c", "Address of the client.") { Default = "127.0.0.1" },
            ]),
            TestAsync),
    ];

    private async IAsyncEnumerable<CommandOutput> RoutesAsync(CommandRequest request, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await Task.CompletedTask;
        yield return new CommandOutput.Table(
            [
                new("name", "ROUTE"), new("planes", "PLANES"), new("hosts", "HOSTS"), new("path", "PATH"), new("methods", "METHODS"), new("headers", "HEADERS"), new("query", "QUERY"),
                new("pool", "POOL"),
            ]);
        foreach (var route in replica.Routes)
        {
            yield return new CommandOutput.Row(
                [route.Name, route.Planes.IsEmpty ? "none" : string.Join(", ", route.Planes), Any(route.Hosts), route.Path, Any(route.Methods), Any(route.Headers), Any(route.Query), route.Pool]);
        }

        static Cell Any(ImmutableArray<string> values) => values.IsEmpty ? "any" : string.Join(", ", values);
    }

    private async IAsyncEnumerable<CommandOutput> TestAsync(CommandRequest request, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await Task.CompletedTask;
        switch (replica.Explain(request.Needed(Method), request.Needed(Url), request.All(Field), request.Needed(Client)))
        {
            case RouteExplanation.NoRequest(var why):
                yield return new CommandOutput.Failed(why);
                break;
            case RouteExplanation.Explained(var routes, var steps):
                yield return new CommandOutput.Table([new("route", "ROUTE"), new("host", "HOST"), new("path", "PATH"), new("result", "RESULT")]);
                foreach (var route in routes)
                {
                    yield return new CommandOutput.Row([route.Route, route.Host ?? "any", route.Path, route.Result]);
                }

                yield return new CommandOutput.Line("");
                yield return new CommandOutput.Table([new("step", "STEP"), new("text", "WHAT")]);
                foreach (var step in steps)
                {
                    yield return new CommandOutput.Row([step.Step, step.Text]);
                }

                break;
            default:
                throw new InvalidOperationException("unexpected result");
        }
    }
}
