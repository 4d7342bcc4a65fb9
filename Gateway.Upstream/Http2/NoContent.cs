using System.Net;

namespace Gateway.Upstream.Http2;

/// <summary>No body, but fields that the HTTP client takes for a body's.</summary>
internal sealed class NoContent : HttpContent
{
    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => Task.CompletedTask;

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }
}
