using System.Collections.Immutable;
using Gateway.Actors.Cluster;
using Gateway.Core.Analytics;

namespace Gateway.Actors.Analytics;

/// <summary>Query to <see cref="AnalyticsActor"/>: what have all replicas counted together? Answered by <see cref="ClusterAnalytics"/>.</summary>
public sealed record GetClusterAnalytics(AnalyticsQuery Query);

/// <summary>
/// Answer: what those counted that have answered. It comes when all that can be reached have, or after <see cref="AnalyticsActor.Patience"/>.
/// </summary>
/// <param name="Replicas">Those whose counts are in it, by name.</param>
/// <param name="Missing">Those whose counts are not, by name.</param>
/// <param name="LeftOut">Series that were too many to be told, over all replicas.</param>
public sealed record ClusterAnalytics(
    ImmutableArray<SeriesReading> Series, ImmutableArray<string> Replicas, ImmutableArray<MissingReplica> Missing, int LeftOut);

/// <summary>A replica whose counts are not in the sum.</summary>
/// <param name="Why">One line for people.</param>
public sealed record MissingReplica(string Replica, string Why);

/// <summary>Between replicas: what have you counted?</summary>
/// <param name="Question">Comes back with the answer.</param>
public sealed record AskAnalytics(long Question, AnalyticsQuery Query) : IWireMessage;

/// <summary>Between replicas: a part of the answer to <see cref="AskAnalytics"/>.</summary>
/// <param name="Index">Which part, from 0.</param>
/// <param name="Parts">How many there are.</param>
/// <param name="LeftOut">Series that were too many to be told.</param>
public sealed record AnalyticsGiven(long Question, int Index, int Parts, int LeftOut, ImmutableArray<SeriesReading> Series) : IWireMessage;
