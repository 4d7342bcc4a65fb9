namespace Gateway.Upstream.Forwarding;

/// <summary>
/// Sends what is written at once. The HTTP client keeps up to 4 KiB back until more comes, which on a body that trickles in may be long.
/// A small body still leaves together with its head.
/// </summary>
internal sealed class PromptStream(Stream endpoint) : WriteOnlyStream
{
    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await endpoint.WriteAsync(buffer, cancellationToken);
        await endpoint.FlushAsync(cancellationToken);
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => endpoint.FlushAsync(cancellationToken);
}
