using Akka.Actor;
using Akka.Actor.Internal;
using Akka.Actor.Setup;
using Akka.Configuration;

namespace Gateway.Actors;

/// <summary>
/// Makes actor systems without a look for an <c>app.config</c>. <see cref="ActorSystem.Create(string, ActorSystemSetup)"/> always looks, though the
/// settings are given, and the look loads .NET's old configuration, XML and OpenSSL for good.
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
