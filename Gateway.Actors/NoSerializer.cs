using Akka.Actor;
using Akka.Configuration;
using Akka.Serialization;

namespace Gateway.Actors;

/// <summary>
/// Stands where Akka has its serializer for everything else, by JSON: no message of ours or of the cluster's goes by it, and to have it loads a library.
/// Refuses whatever comes.
/// </summary>
public sealed class NoSerializer : Serializer
{
    public NoSerializer(ExtendedActorSystem system)
        : base(system)
    {
    }

    /// <summary>Akka hands over the settings of the one it stands for.</summary>
    public NoSerializer(ExtendedActorSystem system, Config settings)
        : base(system) => _ = settings;

    /// <summary>That of the one it stands for.</summary>
    public override int Identifier => 1;

    public override bool IncludeManifest => false;

    public override byte[] ToBinary(object obj) => throw new NotSupportedException($"{obj?.GetType()} has no serializer of its own");

    public override object FromBinary(byte[] bytes, Type type) => throw new NotSupportedException("a message in JSON is not read");
}
