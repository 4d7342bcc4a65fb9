using Gateway.Core.Pools;
using Gateway.Http;
using Gateway.Node.Metrics;
using Gateway.Node.Routing;

namespace Gateway.Node.Engine;

/// <summary>The copy that the route has made of the request. It is told of the body as that comes, goes when that is whole, and is nobody's from then on.</summary>
internal sealed partial class Exchange
{
    /// <summary>null: none is made, or it has gone.</summary>
    private MirrorCopy? _copy;

    private void BeginCopy(Route<Pool>? route, RequestHead request, ReadOnlySpan<byte> head)
    {
        if (route?.Mirror is { } mirror && !_isWebSocket)
        {
            _copy = MirrorCopy.TryBegin(_loop, route, mirror, request, head, _client, _settings);
        }
    }

    /// <summary>A part of the body is to go to the backend too.</summary>
    private void Copy(ReadOnlySpan<byte> part)
    {
        if (_copy?.TryTake(part) == false)
        {
            _copy = null;
        }
    }

    /// <summary>A part of the body has been passed on: its trailers follow, if it has any, and the copy goes once all has come.</summary>
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

    /// <summary>The exchange ends, and its request did not come whole.</summary>
    private void LeaveCopy()
    {
        if (_copy is { } copy)
        {
            _copy = null;
            copy.Drop(MirrorDrop.Incomplete);
        }
    }
}
