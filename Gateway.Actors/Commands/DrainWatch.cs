using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Akka.Actor;
using Akka.Hosting;
using Gateway.Actors.Surveys;
using Gateway.Core.Addressing;
using Gateway.Core.Commands;

namespace Gateway.Actors.Commands;

/// <summary>Shows the attempts in flight at a draining endpoint, on all replicas, until none is left.</summary>
public sealed class DrainWatch(IRequiredActor<SurveyActor> surveyor, TimeProvider clock)
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(250);

    /// <summary>A request that picked the endpoint just before the drain may start its attempt just after.</summary>
    private const int QuietRounds = 2;

    public async IAsyncEnumerable<CommandOutput> WatchAsync(EndpointId endpoint, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var actor = await surveyor.GetAsync(cancellation).ConfigureAwait(false);
        using var timer = new PeriodicTimer(Period, clock);
        yield return new CommandOutput.Table(
            [new("inFlight", "IN FLIGHT", CellFormat.Count, Width: 9), new("replicas", "REPLICAS")], TableStyle.Live);
        string? shown = null;
        var quiet = 0;
        while (true)
        {
            var counts = (await actor.Ask<EndpointSurvey>(new SurveyEndpoint(endpoint), 2 * SurveyActor.ReplyTimeout, cancellation)
                .ConfigureAwait(false)).Accounts;
            var text = string.Join(", ", counts.Select(Describe));
            if (text != shown)
            {
                shown = text;
                yield return new CommandOutput.Row([counts.Sum(c => c.InFlight), text]);
            }

            quiet = counts.All(c => c.IsQuiet || !c.Reachable) ? quiet + 1 : 0;
            if (quiet == QuietRounds)
            {
                yield return new CommandOutput.Line($"{endpoint} is drained{Except(counts)}");
                yield break;
            }

            await timer.WaitForNextTickAsync(cancellation).ConfigureAwait(false);
        }
    }

    private static string Describe(ReplicaAccount count) => count switch
    {
        { Reachable: false } => $"{count.Replica} unreachable",
        { Answered: false } => $"{count.Replica} does not answer",
        { Draining: false } => $"{count.Replica} {count.InFlight}, not draining yet",
        _ => $"{count.Replica} {count.InFlight}",
    };

    private static string Except(ImmutableArray<ReplicaAccount> counts)
    {
        var unreachable = counts.Where(c => !c.Reachable).Select(c => c.Replica).ToList();
        return unreachable.Count == 0 ? "" : $", except on unreachable replicas: {string.Join(", ", unreachable)}";
    }
}
