using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Akka.Actor;
using Akka.Hosting;
using Gateway.Actors.Inspection;
using Gateway.Actors.Local;
using Gateway.Core.Addressing;
using Gateway.Core.Breaking;
using Gateway.Core.Commands;
using Gateway.Core.Health;
using Gateway.Core.Pools;

namespace Gateway.Actors.Commands;

/// <summary>The commands of the palette <c>gateway</c> that change this replica.</summary>
public sealed class GatewayChanges(
    ReplicaInspector inspector, IReplica replica, IReplicaControl control, IRequiredActor<PoolsActor> pools, TimeProvider clock)
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(20);

    public ImmutableArray<Command> Commands =>
    [
        new(
            new("probe now", "Probe an endpoint from this replica, and wait for the result.", [EndpointArguments.Endpoint], Changes: true), ProbeAsync),
        Hold("open", "Hold this replica's breaker of an endpoint open, until 'breaker auto' or 'breaker close'.", BreakerHold.Open, "held open"),
        Hold("close", "Close this replica's breaker of an endpoint now: one attempt at a time until one succeeds, then normal traffic.", BreakerHold.Close, "closed"),
        Hold("auto", "Return this replica's breaker of an endpoint to automatic.", BreakerHold.Auto, "automatic"),
        new(new("reload", "Reload the settings; invalid ones change nothing.", [], Changes: true), ReloadAsync),
    ];

    private Command Hold(string name, string description, BreakerHold hold, string what) => new(
        new($"breaker {name}", description, [EndpointArguments.Endpoint], Changes: true),
        (request, cancellation) => HoldAsync(request, hold, what, cancellation));

    private async IAsyncEnumerable<CommandOutput> HoldAsync(
        CommandRequest request, BreakerHold hold, string what, [EnumeratorCancellation] CancellationToken cancellation)
    {
        switch (inspector.Find(request.Needed(EndpointArguments.Id)))
        {
            case EndpointLookup.Found(var endpoint, _):
                (await pools.GetAsync(cancellation).ConfigureAwait(false)).Tell(new ToEndpoint(endpoint.Id, new EndpointCommand.HoldBreaker(hold)));
                yield return new CommandOutput.Line($"the breaker of {endpoint.Id} is {what} on {replica.GatewayId}");
                break;
            case EndpointLookup.Missing(var why):
                yield return new CommandOutput.Failed(why);
                break;
            default:
                throw new InvalidOperationException("unexpected result");
        }
    }

    private async IAsyncEnumerable<CommandOutput> ProbeAsync(CommandRequest request, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var found = inspector.Find(request.Needed(EndpointArguments.Id));
        if (found is EndpointLookup.Missing(var why))
        {
            yield return new CommandOutput.Failed(why);
            yield break;
        }

        var endpoint = ((EndpointLookup.Found)found).Endpoint;
        if (PoolOf(endpoint.Id) is not { Snapshot.Settings.Health.Probe: { Kind: not ProbeKind.None } probe })
        {
            yield return new CommandOutput.Failed($"pool {endpoint.Id.Pool} has no probes");
            yield break;
        }

        var before = endpoint.Status.LastProbe;
        (await pools.GetAsync(cancellation).ConfigureAwait(false)).Tell(new ToEndpoint(endpoint.Id, new EndpointCommand.Probe()));
        var until = clock.GetElapsedTime(0) + (2 * probe.Timeout);
        while (ReferenceEquals(endpoint.Status.LastProbe, before) && clock.GetElapsedTime(0) < until)
        {
            await Task.Delay(PollInterval, clock, cancellation).ConfigureAwait(false);
        }

        var (status, result) = (endpoint.Status, endpoint.Status.LastProbe);
        if (result is null || ReferenceEquals(result, before))
        {
            yield return new CommandOutput.Failed("the probe did not complete in time");
            yield break;
        }

        var what = $"{Describe(result)}; the verdict is {status.Verdict.Verdict.Name()}";
        yield return result.Passed ? new CommandOutput.Line(what) : new CommandOutput.Failed(what);
    }

    private async IAsyncEnumerable<CommandOutput> ReloadAsync(CommandRequest request, [EnumeratorCancellation] CancellationToken cancellation)
    {
        switch (await control.ReloadAsync(cancellation).ConfigureAwait(false))
        {
            case ReloadOutcome.Applied(var count, var routes, var needRestart):
                yield return new CommandOutput.Line($"settings reloaded: {count} pools, {routes} routes");
                foreach (var key in needRestart)
                {
                    yield return new CommandOutput.Line($"{key} changed; the change takes effect at the next start");
                }

                break;
            case ReloadOutcome.Refused([var only]):
                yield return new CommandOutput.Failed(only);
                break;
            case ReloadOutcome.Refused(var faults):
                foreach (var fault in faults)
                {
                    yield return new CommandOutput.Line(fault);
                }

                yield return new CommandOutput.Failed($"new settings rejected: {faults.Length} errors; keeping the current settings");
                break;
            default:
                throw new InvalidOperationException("unexpected result");
        }
    }

    private Pool? PoolOf(EndpointId endpoint) => replica.Pools.FirstOrDefault(p => p.Name == endpoint.Pool);

    private static string Describe(ProbeResult result)
    {
        var taken = ((Cell)result.Latency.TotalMilliseconds).Show(CellFormat.Milliseconds);
        return $"the probe {(result.Passed ? "passed" : "failed")} in {taken} ms{(result.Detail.Length > 0 ? $": {result.Detail}" : "")}";
    }
}
