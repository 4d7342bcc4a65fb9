using Akka.Actor;

namespace Gateway.Actors.Local;

/// <summary>The actors that an endpoint's actor talks to, beside its router.</summary>
/// <param name="Prober">Sends probes.</param>
/// <param name="Evidence">Tells the other replicas what is seen here, and here what they see.</param>
/// <param name="Grants">Asks the cluster for leave to send trials.</param>
public sealed record Neighbours(IActorRef Prober, IActorRef Evidence, IActorRef Grants);
