using System.Collections.Immutable;
using Gateway.Actors.Cluster;
using Gateway.Core.Addressing;
using Gateway.Core.Membership;

namespace Gateway.Actors.Surveys;

/// <summary>Query to <see cref="SurveyActor"/>: every replica's state of an endpoint. Answered by <see cref="EndpointSurvey"/>.</summary>
public sealed record SurveyEndpoint(EndpointId Endpoint);

/// <summary>
/// Answer: the replicas' accounts, by name. Sent when all reachable ones have answered, or after <see cref="SurveyActor.ReplyTimeout"/>.
/// </summary>
public sealed record EndpointSurvey(ImmutableArray<ReplicaAccount> Accounts);

/// <summary>One replica's account of an endpoint.</summary>
/// <param name="Replica">Its name.</param>
/// <param name="Reachable">Whether the cluster can reach it.</param>
/// <param name="Answered">Whether it answered in time.</param>
/// <param name="Account">Its account; null if it has not answered, or does not have the endpoint.</param>
public sealed record ReplicaAccount(string Replica, string? Zone, bool Reachable, bool Answered, EndpointAccount? Account)
{
    public int InFlight => Account?.InFlight ?? 0;

    /// <summary>Whether it sends no new attempts: the endpoint is draining, or the replica does not have it.</summary>
    public bool Draining => Answered && Account is not { Draining: false };

    /// <summary>Whether nothing is in flight any more.</summary>
    public bool IsQuiet => Draining && InFlight == 0;
}

/// <summary>A message between the survey actors of two replicas.</summary>
public interface ISurveyMessage : IReplicaMessage
{
    FromReplica IReplicaMessage.ReceivedFrom(ReplicaId sender) => new FromReplica<ISurveyMessage>(sender, this);
}

/// <summary>Between replicas: a request for the state of an endpoint.</summary>
/// <param name="Question">Returned in the answer.</param>
public sealed record AskAccount(EndpointId Endpoint, long Question) : ISurveyMessage;

/// <summary>Between replicas: the answer to <see cref="AskAccount"/>.</summary>
/// <param name="Account">Null if this replica does not have the endpoint.</param>
public sealed record AccountGiven(long Question, EndpointAccount? Account) : ISurveyMessage;
