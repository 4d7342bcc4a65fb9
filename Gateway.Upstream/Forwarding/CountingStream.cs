namespace Gateway.Upstream.Forwarding;

/// <summary>Counts the bytes of an answer on their way to the client.</summary>
internal sealed class CountingStream(Stream client) : WriteOnlyStream
{
    public Stream Client => client;

    public long BytesWritten { get; private set; }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        BytesWritten += buffer.Length;
        return client.WriteAsync(buffer, cancellationToken);
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => client.FlushAsync(cancellationToken);
}
