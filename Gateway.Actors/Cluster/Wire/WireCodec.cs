namespace Gateway.Actors.Cluster.Wire;

/// <summary>The encoding of one message type.</summary>
/// <param name="Type">The type, which implements <see cref="IWireMessage"/>.</param>
/// <param name="Manifest">
/// Its short name and version on the wire, such as <c>ask1</c>. A change that an older replica would misread needs a new one; both are
/// then read until no older replica is left.
/// </param>
public sealed record WireCodec(Type Type, string Manifest, Action<WireWriter, IWireMessage> Write, Func<WireReader, IWireMessage> Read)
{
    public static WireCodec Of<T>(string manifest, Action<WireWriter, T> write, Func<WireReader, T> read)
        where T : IWireMessage => new(typeof(T), manifest, (writer, message) => write(writer, (T)message), reader => read(reader));
}
