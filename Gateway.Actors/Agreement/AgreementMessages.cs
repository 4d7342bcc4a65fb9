using System.Collections.Immutable;
using Gateway.Actors.Cluster;
using Gateway.Actors.Surroundings;
using Gateway.Core.Membership;

namespace Gateway.Actors.Agreement;

/// <summary>A message between the agreement actors of two replicas.</summary>
public interface IAgreementMessage : IReplicaMessage
{
    FromReplica IReplicaMessage.ReceivedFrom(ReplicaId sender) => new FromReplica<IAgreementMessage>(sender, this);
}

/// <summary>Event: the digests of the sender's configured pools.</summary>
public sealed record SettingsTold(ImmutableSortedDictionary<string, long> Digests) : IAgreementMessage;

/// <summary>
/// Event, on the event stream of the system <c>gateway</c>: the differences between this replica's settings and the others' have changed; see
/// <see cref="SettingsAgreement.Current"/>.
/// </summary>
public sealed record AgreementChanged;
