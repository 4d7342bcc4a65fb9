using System.Runtime.Serialization;
using Akka.Actor;
using Akka.Serialization;

namespace Gateway.Actors.Cluster.Wire;

/// <summary>The gateway's wire format: versioned, compact, and without type names of the program.</summary>
public sealed class WireSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
{
    private const string Envelope = "env1";

    /// <summary>Never change or reuse it. Ids up to 100 are Akka's.</summary>
    public override int Identifier => 120;

    public override string Manifest(object o) => o switch
    {
        WireEnvelope => Envelope,
        IWireMessage message => WireCodecs.Of(message).Manifest,
        _ => throw new ArgumentException($"{o.GetType()} cannot be sent to another node", nameof(o)),
    };

    public override byte[] ToBinary(object obj)
    {
        switch (obj)
        {
            case WireEnvelope envelope:
                return envelope.ToBytes();
            case IWireMessage message:
                var writer = new WireWriter();
                WireCodecs.Of(message).Write(writer, message);
                return writer.ToArray();
            default:
                throw new ArgumentException($"{obj.GetType()} cannot be sent to another node", nameof(obj));
        }
    }

    public override object FromBinary(byte[] bytes, string manifest)
    {
        var reader = new WireReader(bytes);
        return manifest == Envelope ? WireEnvelope.Read(reader)
            : WireCodecs.Find(manifest) is { } codec ? codec.Read(reader)
            : throw new SerializationException($"unknown message '{manifest}'");
    }
}
