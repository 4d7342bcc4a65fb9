using Akka.Actor;
using Gateway.Actors.Grants;

namespace Gateway.Actors.Local;

/// <summary>The actors that an endpoint's actor uses, besides its router.</summary>
/// <param name="Prober">Sends probes.</param>
/// <param name="Evidence">Exchanges evidence with other replicas.</param>
/// <param name="Turns">Requests trial grants from the cluster.</param>
public sealed record Neighbours(IActorRef Prober, IActorRef Evidence, TrialTurns Turns);
