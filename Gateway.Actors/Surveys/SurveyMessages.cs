using System.Collections.Immutable;
using Gateway.Actors.Cluster;
using Gateway.Core.Addressing;

namespace Gateway.Actors.Surveys;

/// <summary>Query to <see cref="SurveyActor"/>: what does every replica do with an endpoint? Answered by <see cref="EndpointSurvey"/>.</summary>
public sealed record SurveyEndpoint(EndpointId Endpoint);

/// <summary>
/// Answer: what each replica said, by name. It comes when all that can be reached have answered, or after <see cref="SurveyActor.Patience"/>.
/// </summary>
public sealed record EndpointSurvey(ImmutableArray<ReplicaAccount> Accounts);

/// <summary>What one replica does with an endpoint.</summary>
/// <param name="Replica">Its name.</param>
/// <param name="Reachable">Whether the cluster hears from it.</param>
/// <param name="Answered">Whether it has answered in time.</param>
/// <param name="Account">What it said; null: it has not answered, or does not have the endpoint.</param>
public sealed record ReplicaAccount(string Replica, string? Zone, bool Reachable, bool Answered, EndpointAccount? Account)
{
    public int InFlight => Account?.InFlight ?? 0;

    /// <summary>Whether it sends no new attempts there: it is draining, or the replica does not have it.</summary>
    public bool Draining => Answered && Account is not { Draining: false };

    /// <summary>Whether nothing is left there to wait for.</summary>
    public bool IsQuiet => Draining && InFlight == 0;
}

/// <summary>Between replicas: what do you do with this endpoint?</summary>
/// <param name="Question">Comes back with the answer.</param>
public sealed record AskAccount(EndpointId Endpoint, long Question) : IWireMessage;

/// <summary>Between replicas: the answer to <see cref="AskAccount"/>.</summary>
/// <param name="Account">Null: there is no such endpoint here.</param>
public sealed record AccountGiven(long Question, EndpointAccount? Account) : IWireMessage;
