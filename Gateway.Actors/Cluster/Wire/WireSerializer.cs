using System.Runtime.Serialization;
using Akka.Actor;
using Akka.Serialization;
using Gateway.Core.Addressing;

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
                return envelope.BytesBy(Write);
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
        return manifest == Envelope ? ReadEnvelope(reader)
            : WireCodecs.Find(manifest) is { } codec ? codec.Read(reader)
            : throw new SerializationException($"unknown message '{manifest}'");
    }

    private static byte[] Write(WireEnvelope envelope)
    {
        var codec = WireCodecs.Of(envelope.Message);
        var writer = new WireWriter();
        writer.Replica(envelope.From);
        writer.Text(codec.Manifest);
        codec.Write(writer, envelope.Message);
        return writer.ToArray();
    }

    /// <summary>Reads an envelope, or the understood part of it.</summary>
    private static IWireArrival ReadEnvelope(WireReader reader)
    {
        var (from, manifest) = (reader.Replica(), reader.Text());
        if (!HostPort.TryParseReachable(from.Address, out _))
        {
            throw new SerializationException($"'{from.Address}' is not a cluster address");
        }

        return WireCodecs.Find(manifest) is { } codec ? new WireEnvelope(from, codec.Read(reader)) : new WireUnknown(from, manifest);
    }
}
