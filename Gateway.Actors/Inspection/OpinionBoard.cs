using System.Collections.Immutable;
using Gateway.Actors.Surroundings;
using Gateway.Core.Addressing;
using Gateway.Core.Evidence;
using Gateway.Core.Membership;

namespace Gateway.Actors.Inspection;

/// <summary>
/// What each gateway says of an endpoint: the others as they have told this replica, this one as it tells them. So once all is told, every replica
/// answers the same.
/// </summary>
public sealed class OpinionBoard(EvidenceLedger evidence, ClusterViews views)
{
    /// <summary>Of every gateway, by name; one that has said nothing has no opinion.</summary>
    public ImmutableArray<OpinionReport> Of(EndpointId endpoint, TimeSpan now)
    {
        var (view, book, own) = (views.Current, evidence.Book, evidence.Own);
        return [.. view.ByName.Where(r => r.IsGateway || r.Id == view.Self.Id).Select(r => r.Id == view.Self.Id
            ? Report(r, self: true, fresh: true, own.About(endpoint), now)
            : Report(r, self: false, book?.Fresh.Contains(r.Id) == true, book?.Streams.GetValueOrDefault(r.Id)?.Entries.GetValueOrDefault(endpoint), now))];
    }

    private static OpinionReport Report(Replica replica, bool self, bool fresh, Told? told, TimeSpan now)
    {
        var sight = told?.Observation.Sight ?? default;
        double? age = told is null ? null : Math.Round(Math.Max(0, (now - told.Since).TotalSeconds), 3);
        return new(
            replica.Name, replica.Zone, self, sight.Opinion, sight.Verdict, sight.Breaker, fresh, age, told?.Observation.Why ?? "");
    }
}
