using Gateway.Core.Membership;

namespace Gateway.Actors.Cluster;

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

    /// <summary>Returns the serialized envelope; do not modify the result.</summary>
    /// <param name="serialize">Called if it has not been serialized yet.</param>
    public byte[] BytesBy(Func<WireEnvelope, byte[]> serialize) => _bytes ??= serialize(this);
}

/// <summary>A message of a newer replica that this one does not understand; it is ignored.</summary>
internal sealed record WireUnknown(ReplicaId From, string Manifest) : IWireArrival;
