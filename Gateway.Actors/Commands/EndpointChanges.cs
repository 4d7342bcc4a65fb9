using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Akka.Actor;
using Akka.Hosting;
using Gateway.Actors.Inspection;
using Gateway.Actors.Overrides;
using Gateway.Actors.Surroundings;
using Gateway.Core.Addressing;
using Gateway.Core.Commands;
using Gateway.Core.Endpoints;
using Gateway.Core.Overrides;
using Gateway.Core.Pools;

namespace Gateway.Actors.Commands;

/// <summary>The commands by which operators override the settings of endpoints. They take effect on every replica.</summary>
public sealed class EndpointChanges(
    ReplicaInspector inspector, IReplica replica, OverridesHolder held, IRequiredActor<OverridesActor> overrides, DrainWatch drains)
{
    private const string Weight = "weight";
    private const string Zone = "zone";
    private const string Address = "address";
    private const string Background = "background";

    /// <summary>The time limit for the actors, which answer within milliseconds.</summary>
    private static readonly TimeSpan ActorTimeout = TimeSpan.FromSeconds(10);

    public ImmutableArray<Command> Commands =>
    [
        new(
            new("add", "Add an endpoint to a pool.",
            [
                new(Address, "-a", "Address of the endpoint: http://host:port.") { Positional = true, Mandatory = true },
                new(EndpointArguments.Pool, "-p", "The pool.") { Kind = ArgumentKind.Pool, Default = PoolSettings.DefaultName },
                new(Weight, "-w", "Share of the traffic, 1 to 256.") { Kind = ArgumentKind.Number, Default = "1" },
                new(Zone, "-z", "Zone of the endpoint."),
            ],
            Changes: true),
            AddAsync),
        new(
            new("remove", "Remove an endpoint, overriding the settings. Drain it first to let requests finish.", [EndpointArguments.Endpoint], Changes: true),
            RemoveAsync),
        new(
            new("drain", "Stop sending new requests to an endpoint, and wait until none is left there.",
                [EndpointArguments.Endpoint, new(Background, "-b", "Do not wait.") { Flag = true }], Changes: true),
            DrainAsync),
        new(
            new("undrain", "Use a drained endpoint again.", [EndpointArguments.Endpoint], Changes: true),
            (request, cancellation) => ChangeAsync(request, new EndpointChange.Undrain(), "in use again", cancellation)),
        new(
            new("weight", "Change an endpoint's share of the traffic.",
                [EndpointArguments.Endpoint, new(Weight, "-w", "1 to 256.") { Positional = true, Mandatory = true, Kind = ArgumentKind.Number }], Changes: true),
            WeightAsync),
        new(
            new("revert", "Remove the overrides of an endpoint; its settings apply again.", [EndpointArguments.Endpoint], Changes: true),
            RevertAsync),
    ];

    private async IAsyncEnumerable<CommandOutput> AddAsync(CommandRequest request, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var (text, name, zone, weight) = (request.Needed(Address), request.Needed(EndpointArguments.Pool), request[Zone], request.Number(Weight));
        if (!EndpointAddress.TryParse(text, out var address, out var fault))
        {
            yield return new CommandOutput.Failed($"'{text}' {fault}");
        }
        else if (EndpointArguments.FaultOf(name, replica) is { } noPool)
        {
            yield return noPool;
        }
        else if (replica.Pools.Single(p => p.Name == name).Snapshot is var pool && pool.Settings.Endpoints.Any(e => e.Address == address))
        {
            yield return new CommandOutput.Failed($"{name} already has {address}");
        }
        else if (pool.Configured.Endpoints.Any(e => e.Address == address))
        {
            yield return new CommandOutput.Failed($"{address} is in the settings but was removed; use: gateway revert {name}/{address}");
        }
        else if (zone is not null && !EndpointSettings.IsZoneName(zone))
        {
            yield return new CommandOutput.Failed($"'{zone}' is not a zone; allowed: 1 to 64 letters, digits, dots, dashes and underscores");
        }
        else if (FaultOf(weight) is { } outOfRange)
        {
            yield return outOfRange;
        }
        else
        {
            var id = new EndpointId(name, address);
            yield return await ApplyAsync(id, new EndpointChange.Add(new(weight, zone)), request.Who, "added", cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>Removes an endpoint; one that is not in the settings leaves nothing behind.</summary>
    private IAsyncEnumerable<CommandOutput> RemoveAsync(CommandRequest request, CancellationToken cancellation) => ChangeAsync(
        request,
        endpoint => IsInSettings(endpoint) ? new EndpointChange.Remove() : new EndpointChange.Revert(),
        "removed",
        cancellation);

    private bool IsInSettings(EndpointId endpoint) =>
        replica.Pools.FirstOrDefault(p => p.Name == endpoint.Pool)?.Snapshot.Configured.Endpoints.Any(e => e.Address == endpoint.Address) == true;

    private async IAsyncEnumerable<CommandOutput> WeightAsync(CommandRequest request, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var weight = request.Number(Weight);
        if (FaultOf(weight) is { } outOfRange)
        {
            yield return outOfRange;
            yield break;
        }

        await foreach (var output in ChangeAsync(request, new EndpointChange.Reweight(weight), $"set to weight {weight}", cancellation).ConfigureAwait(false))
        {
            yield return output;
        }
    }

    private async IAsyncEnumerable<CommandOutput> DrainAsync(CommandRequest request, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var refused = false;
        await foreach (var output in ChangeAsync(request, new EndpointChange.Drain(), "draining", cancellation).ConfigureAwait(false))
        {
            refused |= output is CommandOutput.Failed;
            yield return output;
        }

        if (!refused && !request.Has(Background) && inspector.Find(request.Needed(EndpointArguments.Id)) is EndpointLookup.Found(var endpoint, _))
        {
            await foreach (var output in drains.WatchAsync(endpoint.Id, cancellation).ConfigureAwait(false))
            {
                yield return output;
            }
        }
    }

    private async IAsyncEnumerable<CommandOutput> RevertAsync(CommandRequest request, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var text = request.Needed(EndpointArguments.Id);
        var meant = held.Current.All.Where(word => ReplicaInspector.Matches(word.Key, text)).Select(word => word.Key).ToList();
        if (meant is [var id])
        {
            yield return await ApplyAsync(id, new EndpointChange.Revert(), request.Who, "back to its settings", cancellation).ConfigureAwait(false);
        }
        else
        {
            yield return new CommandOutput.Failed(meant.Count == 0
                ? $"'{text}' has no overrides"
                : $"'{text}' is in several pools; use one of: {string.Join(", ", meant)}");
        }
    }

    private IAsyncEnumerable<CommandOutput> ChangeAsync(CommandRequest request, EndpointChange change, string what, CancellationToken cancellation) =>
        ChangeAsync(request, _ => change, what, cancellation);

    private async IAsyncEnumerable<CommandOutput> ChangeAsync(
        CommandRequest request, Func<EndpointId, EndpointChange> change, string what, [EnumeratorCancellation] CancellationToken cancellation)
    {
        switch (inspector.Find(request.Needed(EndpointArguments.Id)))
        {
            case EndpointLookup.Found(var endpoint, _):
                yield return await ApplyAsync(endpoint.Id, change(endpoint.Id), request.Who, what, cancellation).ConfigureAwait(false);
                break;
            case EndpointLookup.Missing(var why):
                yield return new CommandOutput.Failed(why);
                break;
            default:
                throw new InvalidOperationException("unexpected result");
        }
    }

    /// <summary>Makes a change, and returns when it is in force on this replica; the others follow.</summary>
    private async Task<CommandOutput> ApplyAsync(EndpointId id, EndpointChange change, string who, string what, CancellationToken cancellation)
    {
        var actor = await overrides.GetAsync(cancellation).ConfigureAwait(false);
        return await actor.Ask<ChangeAnswer>(new ChangeEndpoint(id, change, who), ActorTimeout, cancellation).ConfigureAwait(false) switch
        {
            ChangeAnswer.Refused(var why) => new CommandOutput.Failed(why),
            ChangeAnswer.InForce => new CommandOutput.Line($"{id} is {what}"),
            var other => throw new InvalidOperationException($"unexpected answer: {other}"),
        };
    }

    private static CommandOutput.Failed? FaultOf(int weight) =>
        weight is >= 1 and <= EndpointSettings.MaxWeight ? null : new($"a weight of {weight} is out of range; allowed: 1 to {EndpointSettings.MaxWeight}");
}
