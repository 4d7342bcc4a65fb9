using Akka.Actor;
using Akka.Actor.Internal;
using Akka.Actor.Setup;
using Akka.Configuration;

namespace Gateway.Actors;

/// <summary>
/// Creates actor systems without searching for an <c>app.config</c>. <see cref="ActorSystem.Create(string, ActorSystemSetup)"/> always searches,
/// even with given settings, which loads .NET's old configuration, XML and OpenSSL permanently.
/// </summary>
internal static class PlainActorSystem
{
    public static ActorSystem Start(string name, Config config, ActorSystemSetup setup)
    {
        var system = new ActorSystemImpl(name, config, setup.And(BootstrapSetup.Create().WithConfig(config)));
        system.Start();
        return system;
    }
}
