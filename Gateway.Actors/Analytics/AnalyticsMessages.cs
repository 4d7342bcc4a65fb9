using System.Collections.Immutable;
using Gateway.Actors.Cluster;
using Gateway.Core.Analytics;
using Gateway.Core.Membership;

namespace Gateway.Actors.Analytics;

/// <summary>Query to <see cref="AnalyticsActor"/>: the counts of all replicas together. Answered by <see cref="ClusterAnalytics"/>.</summary>
public sealed record GetClusterAnalytics(AnalyticsQuery Query);

/// <summary>
/// Answer: the counts of the replicas that answered. Sent when all reachable ones have, or after <see cref="AnalyticsActor.ReplyTimeout"/>.
/// </summary>
/// <param name="Replicas">Names of the replicas included.</param>
/// <param name="Missing">Names of the replicas not included.</param>
/// <param name="LeftOut">The number of series left out for size, over all replicas.</param>
public sealed record ClusterAnalytics(
    ImmutableArray<SeriesReading> Series, ImmutableArray<string> Replicas, ImmutableArray<MissingReplica> Missing, int LeftOut);

/// <summary>A replica whose counts are not included.</summary>
/// <param name="Why">The reason, on one line.</param>
public sealed record MissingReplica(string Replica, string Why);

/// <summary>A message between the analytics actors of two replicas.</summary>
public interface IAnalyticsMessage : IReplicaMessage
{
    FromReplica IReplicaMessage.ReceivedFrom(ReplicaId sender) => new FromReplica<IAnalyticsMessage>(sender, this);
}

/// <summary>Between replicas: a request for counts.</summary>
/// <param name="Question">Returned in the answer.</param>
public sealed record AskAnalytics(long Question, AnalyticsQuery Query) : IAnalyticsMessage;

/// <summary>Between replicas: a part of the answer to <see cref="AskAnalytics"/>.</summary>
/// <param name="Index">The index of the part, from 0.</param>
/// <param name="Parts">The number of parts.</param>
/// <param name="LeftOut">The number of series left out for size.</param>
public sealed record AnalyticsGiven(long Question, int Index, int Parts, int LeftOut, ImmutableArray<SeriesReading> Series) : IAnalyticsMessage;
