using Akka.Actor;
using Gateway.Actors.Local;
using Gateway.Core.Overrides;
using Microsoft.Extensions.Logging;

namespace Gateway.Actors.Overrides;

/// <summary>
/// Owns what operators have said of endpoints: takes new words, merges those of other replicas, and has the pools go by them. Knows no
/// cluster; whoever shares the words asks to be told.
/// </summary>
public sealed partial class OverridesActor : UntypedActor
{
    private readonly IActorRef _pools;
    private readonly ActorEnvironment _environment;
    private readonly ILogger _log;

    public OverridesActor(IActorRef pools, ActorEnvironment environment)
    {
        _pools = pools;
        _environment = environment;
        _log = environment.Loggers.CreateLogger<OverridesActor>();
    }

    private OverrideMap Held => _environment.Overrides.Current;

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case ChangeEndpoint(var endpoint, var change, var who):
                var stamp = new Stamp(Held.Time + 1, _environment.Views.Current.Self.Id);
                Take(Held.With(endpoint, change.On(Held[endpoint], stamp, who)), Sender);
                break;
            case MergeOverrides(var map):
                Take(Held.Merge(map), asker: null);
                break;
            case ShareOverrides(var sharer):
                _environment.Overrides.Sharer = sharer;
                Share();
                break;
            case OverridesRead:
                _environment.Overrides.IsRead = true;
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    /// <param name="asker">Who is told when it is in force; null: nobody.</param>
    private void Take(OverrideMap map, IActorRef? asker)
    {
        var news = map.All.Where(word => Held[word.Key] != word.Value).ToList();
        _environment.Overrides.Current = map;
        foreach (var (endpoint, word) in news)
        {
            Log.Said(_log, endpoint, Describe(word), word.Who);
        }

        if (news.Count > 0)
        {
            Share();
        }

        if (news.Count > 0 || asker is not null)
        {
            _pools.Tell(new ReapplyOverrides(), asker);
        }
    }

    private void Share() => _environment.Overrides.Sharer?.Tell(new OverridesChanged(Held));

    private static string Describe(EndpointOverride word) => word switch
    {
        { IsEmpty: true } => "as the settings say",
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
        [LoggerMessage(95, LogLevel.Information, "{Endpoint} is {What}, says {Who}")]
        public static partial void Said(ILogger logger, Core.Endpoints.EndpointId endpoint, string what, string who);
    }
}
