using System.Runtime.Serialization;
using Gateway.Core.Addressing;
using Gateway.Core.Membership;

namespace Gateway.Actors.Cluster.Wire;

/// <summary>What a replica receives from another one: a <see cref="WireEnvelope"/>, or a <see cref="WireUnknown"/>.</summary>
internal interface IWireArrival;

/// <summary>
/// One message and its sender. A message to all is serialized once, whatever their number.
/// </summary>
internal sealed class WireEnvelope(ReplicaId from, IWireMessage message) : IWireArrival
{
    private byte[]? _bytes;

    public ReplicaId From { get; } = from;

    public IWireMessage Message { get; } = message;

    /// <summary>Serializes the envelope; do not modify the result.</summary>
    public byte[] ToBytes()
    {
        if (_bytes is null)
        {
            var codec = WireCodecs.Of(Message);
            var writer = new WireWriter();
            writer.Replica(From);
            writer.Text(codec.Manifest);
            codec.Write(writer, Message);
            _bytes = writer.ToArray();
        }

        return _bytes;
    }

    /// <summary>Reads an envelope, or the understood part of it.</summary>
    public static IWireArrival Read(WireReader reader)
    {
        var (from, manifest) = (reader.Replica(), reader.Text());
        if (!HostPort.TryParseReachable(from.Address, out _))
        {
            throw new SerializationException($"'{from.Address}' is not a cluster address");
        }

        return WireCodecs.Find(manifest) is { } codec ? new WireEnvelope(from, codec.Read(reader)) : new WireUnknown(from, manifest);
    }
}

/// <summary>A message of a newer replica that this one does not understand; it is ignored.</summary>
internal sealed record WireUnknown(ReplicaId From, string Manifest) : IWireArrival;
