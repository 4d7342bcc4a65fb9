using Akka.Actor;
using Gateway.Actors.Surroundings;
using Gateway.Core.Addressing;
using Gateway.Core.Overrides;
using Microsoft.Extensions.Logging;

namespace Gateway.Actors.Overrides;

/// <summary>
/// Owns the operators' changes to endpoints: accepts changes, merges those of other replicas, and applies them to the pools. Independent of the
/// cluster; an actor that shares the changes subscribes to it.
/// </summary>
public sealed partial class OverridesActor : UntypedActor
{
    private readonly IActorRef _pools;
    private readonly OverridesHolder _holder;
    private readonly ILogger _log;

    /// <param name="pools">The actor that applies changes.</param>
    /// <param name="holder">Written by this actor only.</param>
    public OverridesActor(IActorRef pools, OverridesHolder holder, ILoggerFactory loggers)
    {
        (_pools, _holder) = (pools, holder);
        _log = loggers.CreateLogger<OverridesActor>();
    }

    private OverrideMap Held => _holder.Current;

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case ChangeEndpoint when !_holder.IsRead:
                Sender.Tell(new ChangeAnswer.Refused("this replica has not received the existing overrides yet; try again in a few seconds, or ask another replica"));
                break;
            case ChangeEndpoint(var endpoint, _, _) when Held.Count >= OverrideMap.MaxCount && Held[endpoint] is null:
                Sender.Tell(new ChangeAnswer.Refused($"{Held.Count} endpoints have overrides, which is the maximum; move some to the settings, or remove some with: gateway revert"));
                break;
            case ChangeEndpoint(var endpoint, var change, var who):
                Take(Held.Change(endpoint, change, _holder.Writer, who), who, Sender);
                break;
            case MergeOverrides(var part, var theirs):
                Take(Held.Merge(part, theirs), "another replica", asker: null);
                break;
            case ShareOverrides(var sharer):
                _holder.Sharer = sharer;
                Share();
                break;
            case OverridesRead:
                _holder.IsRead = true;
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    /// <param name="who">The author named for changes no longer in force.</param>
    /// <param name="asker">Told when the changes are in force; null for none.</param>
    private void Take(OverrideMap map, string who, IActorRef? asker)
    {
        var before = Held;
        var news = map.DifferentIn(before).ToList();
        _holder.Current = map;
        foreach (var endpoint in news)
        {
            Log.Changed(_log, endpoint, Describe(map[endpoint]), map[endpoint]?.Who ?? who);
        }

        if (!ReferenceEquals(map, before))
        {
            Share();
        }

        if (news.Count > 0 || asker is not null)
        {
            _pools.Tell(new ReapplyOverrides(), asker);
        }
    }

    private void Share() => _holder.Sharer?.Tell(new OverridesChanged(Held));

    private static string Describe(EndpointOverride? word) => word switch
    {
        null => "none, reverted to the settings",
        { Removed: true } => "removed",
        _ => string.Join(", ", Parts(word)),
    };

    private static IEnumerable<string> Parts(EndpointOverride word)
    {
        if (word.Added is not null)
        {
            yield return "added";
        }

        if (word.Weight is { } weight)
        {
            yield return $"weight {weight}";
        }

        if (word.Draining)
        {
            yield return "draining";
        }
    }

    private static partial class Log
    {
        [LoggerMessage(95, LogLevel.Information, "{Endpoint} override: {What} (by {Who})", EventName = "override-changed")]
        public static partial void Changed(ILogger logger, EndpointId endpoint, string what, string who);
    }
}
