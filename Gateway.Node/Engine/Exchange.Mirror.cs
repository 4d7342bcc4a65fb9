using Gateway.Core.Pools;
using Gateway.Http;
using Gateway.Node.Metrics;
using Gateway.Node.Routing;

namespace Gateway.Node.Engine;

/// <summary>The mirrored copy of the request. It receives the body as it arrives, is sent once complete, and is then independent of the exchange.</summary>
internal sealed partial class Exchange
{
    /// <summary>The copy being made; null if there is none or it was sent.</summary>
    private MirrorCopy? _copy;

    private void BeginCopy(Route<Pool>? route, RequestHead request, ReadOnlySpan<byte> head)
    {
        if (route?.Mirror is { } mirror && !_isWebSocket)
        {
            _copy = MirrorCopy.TryBegin(route, mirror, request, head, _client, _settings);
        }
    }

    /// <summary>Adds a part of the body to the copy.</summary>
    private void Copy(ReadOnlySpan<byte> part)
    {
        if (_copy?.TryTake(part) == false)
        {
            _copy = null;
        }
    }

    /// <summary>Called when a part of the body has been passed on: trailers follow if it has any, and the copy is sent once everything has arrived.</summary>
    private void EndPart(bool hasTrailers)
    {
        if (hasTrailers)
        {
            ForwardTrailers();
        }

        if (_copy is { } copy && _upload.IsReceived)
        {
            _copy = null;
            copy.Go();
        }
    }

    /// <summary>Drops the copy if the exchange ends before the request is complete.</summary>
    private void LeaveCopy()
    {
        if (_copy is { } copy)
        {
            _copy = null;
            copy.Drop(MirrorDrop.Incomplete);
        }
    }
}
