using Gateway.Core.Pools;
using Gateway.Http;
using Gateway.Wire;

namespace Gateway.Node.Engine;

/// <summary>
/// Writes a request's head for a backend. Fields that pass are copied as byte ranges, adjacent ones together. None can contain characters that end a line or a
/// field early: the parser has checked that.
/// </summary>
internal static class RequestWriter
{
    /// <summary>The bytes that this gateway may add to a head, without names and addresses.</summary>
    private const int Added = 768;

    /// <param name="hostLine">Where the Host line begins and ends in what was written, since it differs between endpoints in such pools.</param>
    /// <returns>A block of the caller's that holds the head.</returns>
    public static Block Write(
        ProxyLoop loop, RequestHead request, ReadOnlySpan<byte> head, ClientAddress client, in RequestShape shape, out (int Start, int End) hostLine)
    {
        var block = loop.Wire.Blocks.Rent(RoomFor(loop.Router, request, head, client, shape));
        block.End += Write(block.Free, loop.Router, request, head, client, shape, out hostLine);
        return block;
    }

    /// <summary>The largest size of the head, in bytes.</summary>
    public static int RoomFor(RequestRouter router, RequestHead request, ReadOnlySpan<byte> head, ClientAddress client, in RequestShape shape) =>
        request.Length + router.Target.Length + (4 * router.HostOf(request, head).Length) + shape.Settings.GatewayId.Length + shape.Endpoint.Length +
        (shape.Pool.Host.Value?.Length ?? 0) + (shape.Fields?.Lines.Length ?? 0) + (shape.Mirror?.Length ?? 0) +
        (client.Certificate?.Lines.Length ?? 0) + Added;

    /// <summary>The same, into the caller's buffer; returns the number of bytes.</summary>
    public static int Write(
        Span<byte> room, RequestRouter router, RequestHead request, ReadOnlySpan<byte> head, ClientAddress client, in RequestShape shape,
        out (int Start, int End) hostLine)
    {
        var settings = shape.Settings;
        var host = router.HostOf(request, head);
        var to = new ByteWriter(room);
        to.Write(request.Method);
        to.Write(" "u8);
        to.Write(router.Target);
        to.Write(" HTTP/1.1\r\n"u8);
        var start = to.Length;
        WriteHost(ref to, shape.Pool.Host, host, shape.Endpoint);
        hostLine = (start, to.Length);
        var isTrusted = client.IsTrusted(settings.TrustedProxies);
        WriteFields(ref to, request, head, shape, isTrusted);
        WriteVia(ref to, request, head, client.IsHttp2, settings.GatewayId);
        if (client.Certificate is { } certificate && !isTrusted)
        {
            to.Write(certificate.Lines); // A proxy's certificate is not its client's.
        }

        if (router.Plane != HttpcgPlane.None)
        {
            to.Write("X-Httpcg-Plane: "u8);
            to.Write(HttpcgPlanes.NameOf(router.Plane));
            to.Write("\r\n"u8);
        }

        client.Write(ref to, request, head, host, router.Plane != HttpcgPlane.None, settings.TrustedProxies);
        shape.Id?.Write(ref to);
        to.Write(shape.Mirror);
        WriteHops(ref to, request, head, shape);
        if (shape.Is(RequestTraits.HasDeadline))
        {
            to.Write("Grpc-Timeout: 00000000m\r\n"u8); // Room for the time left when it is sent.
        }

        shape.Trace?.Write(ref to);
        to.Write("\r\n"u8);
        return to.Length;
    }

    public static void WriteHost(ref ByteWriter to, HostPolicy policy, ReadOnlySpan<byte> host, string endpoint)
    {
        to.Write("Host: "u8);
        if (policy.Mode == HostMode.Fixed)
        {
            to.Write(policy.Value ?? "");
        }
        else if (policy.Mode == HostMode.Endpoint || host.IsEmpty)
        {
            to.Write(endpoint);
        }
        else
        {
            to.Write(host);
        }

        to.Write("\r\n"u8);
    }

    private static bool IsOwn(FieldName name) => name is FieldName.Host or FieldName.Via or FieldName.XForwardedFor or FieldName.XForwardedProto
        or FieldName.XForwardedHost or FieldName.Forwarded or FieldName.XHttpcgUrl or FieldName.XHttpcgPlane;

    private static void WriteFields(ref ByteWriter to, RequestHead request, ReadOnlySpan<byte> head, in RequestShape shape, bool isTrusted)
    {
        var edit = shape.Fields;
        var (from, until) = (0, 0);
        foreach (ref readonly var field in request.Fields.All)
        {
            var passes = !field.IsDropped && !IsOwn(field.Name) && field.Name != FieldName.Expect
                && (field.Name != FieldName.MaxForwards || request.Method is not ("OPTIONS" or "TRACE"))
                && (field.Name != FieldName.XGatewayMirror || shape.Mirror is null)
                && (field.Name is not (FieldName.ClientCert or FieldName.ClientCertChain or FieldName.XGatewayMirror) || (isTrusted && !field.NameIn(head).Contains((byte)'_')))
                && (field.Name != FieldName.GrpcTimeout || !shape.Is(RequestTraits.HasDeadline))
                && (field.Name != FieldName.XRequestId || shape.Id is null)
                && (shape.Trace is null || (field.Name != FieldName.TraceParent && (field.Name != FieldName.TraceState || !shape.Trace.IsNew)))
                && edit?.Drops(field.NameIn(head)) != true;
            if (!passes)
            {
                to.Write(head[from..until]);
                (from, until) = (field.End, field.End);
            }
            else if (until == field.Start)
            {
                until = field.End;
            }
            else
            {
                to.Write(head[from..until]);
                (from, until) = (field.Start, field.End);
            }
        }

        to.Write(head[from..until]);
        if (edit is not null)
        {
            to.Write(edit.Lines);
        }
    }

    private static void WriteVia(ref ByteWriter to, RequestHead request, ReadOnlySpan<byte> head, bool isHttp2, string gateway)
    {
        to.Write("Via: "u8);
        if (request.Fields.Has(FieldName.Via))
        {
            foreach (ref readonly var field in request.Fields.All)
            {
                if (field.Name == FieldName.Via && !field.IsDropped)
                {
                    to.Write(field.ValueIn(head));
                    to.Write(", "u8);
                }
            }
        }

        to.Write(isHttp2 ? "2.0 "u8 : request.IsHttp11 ? "1.1 "u8 : "1.0 "u8);
        to.Write(gateway);
        to.Write("\r\n"u8);
    }

    /// <summary>Whether the client accepts trailers.</summary>
    public static bool AcceptsTrailers(RequestHead request, ReadOnlySpan<byte> head)
    {
        if (request.Fields.Has(FieldName.Te))
        {
            foreach (ref readonly var field in request.Fields.All)
            {
                var value = field.Name == FieldName.Te ? field.ValueIn(head) : [];
                foreach (var range in value.Split((byte)','))
                {
                    if (System.Text.Ascii.EqualsIgnoreCase(value[range].Trim(" \t"u8), "trailers"u8))
                    {
                        return true;
                    }
                }
            }
        }

        return false;
    }

    /// <summary>Writes the hop-by-hop fields.</summary>
    private static void WriteHops(ref ByteWriter to, RequestHead request, ReadOnlySpan<byte> head, in RequestShape shape)
    {
        if (shape.Is(RequestTraits.ExpectsContinue))
        {
            to.Write("Expect: 100-continue\r\n"u8);
        }

        if (request.Fields.IsChunked)
        {
            to.Write("Transfer-Encoding: chunked\r\n"u8);
        }

        if (shape.Is(RequestTraits.WebSocket))
        {
            to.Write("Connection: Upgrade\r\nUpgrade: websocket\r\n"u8);
        }
        else if (AcceptsTrailers(request, head))
        {
            to.Write("Connection: TE\r\nTE: trailers\r\n"u8); // TE must be named in Connection, so that it goes no further (RFC 9110 10.1.4).
        }

        if (request.Method is "OPTIONS" or "TRACE" && request.Fields.IndexOf(FieldName.MaxForwards) is >= 0 and var hops &&
            request.Fields.All[hops].ValueIn(head) is { IsEmpty: false } left && !left.ContainsAnyExceptInRange((byte)'0', (byte)'9'))
        {
            to.Write("Max-Forwards: "u8);
            to.Write(System.Buffers.Text.Utf8Parser.TryParse(left, out int count, out _) ? count - 1 : int.MaxValue);
            to.Write("\r\n"u8);
        }
    }
}
