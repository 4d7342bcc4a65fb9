using System.Collections.Immutable;
using Gateway.Actors.Surroundings;
using Gateway.Core.Addressing;
using Gateway.Core.Evidence;
using Gateway.Core.Membership;

namespace Gateway.Actors.Inspection;

/// <summary>
/// The evidence of each gateway on an endpoint: the others' as received, this one's as sent. So once settled, every replica
/// gives the same answer.
/// </summary>
public sealed class OpinionBoard(EvidenceLedger evidence, ClusterViews views)
{
    /// <summary>Returns the opinions of all gateways, by name; a gateway without evidence has none.</summary>
    public ImmutableArray<OpinionReport> Of(EndpointId endpoint, TimeSpan now)
    {
        var (view, book, own) = (views.Current, evidence.Book, evidence.Own);
        return [.. view.ByName.Where(r => r.IsGateway || r.Id == view.Self.Id).Select(r => r.Id == view.Self.Id
            ? Report(r, self: true, fresh: true, own.About(endpoint), now)
            : Report(r, self: false, book?.Fresh.Contains(r.Id) == true, book?.Streams.GetValueOrDefault(r.Id)?.Entries.GetValueOrDefault(endpoint), now))];
    }

    private static OpinionReport Report(Replica replica, bool self, bool fresh, ReceivedEntry? told, TimeSpan now)
    {
        var observation = told?.Entry.Observation ?? default;
        double? age = told is null ? null : Math.Round(Math.Max(0, (now - told.Since).TotalSeconds), 3);
        return new(
            replica.Name, replica.Zone, self, observation.Opinion, observation.Verdict, observation.Breaker, fresh, age, told?.Entry.Why ?? "");
    }
}
