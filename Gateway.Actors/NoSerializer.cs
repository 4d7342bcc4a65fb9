using Akka.Actor;
using Akka.Configuration;
using Akka.Serialization;

namespace Gateway.Actors;

/// <summary>
/// Replaces Akka's default JSON serializer: no message of the gateway or the cluster uses it, and having it loads a library.
/// Rejects everything.
/// </summary>
public sealed class NoSerializer : Serializer
{
    public NoSerializer(ExtendedActorSystem system)
        : base(system)
    {
    }

    /// <summary>Creates the serializer; Akka passes the settings of the replaced one.</summary>
    public NoSerializer(ExtendedActorSystem system, Config settings)
        : base(system) => _ = settings;

    /// <summary>The identifier of the replaced serializer.</summary>
    public override int Identifier => 1;

    public override bool IncludeManifest => false;

    public override byte[] ToBinary(object obj) => throw new NotSupportedException($"{obj?.GetType()} has no serializer");

    public override object FromBinary(byte[] bytes, Type type) => throw new NotSupportedException("JSON messages are not supported");
}
