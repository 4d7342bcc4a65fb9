using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;
using Gateway.Core.Balancing;
using Gateway.Http;

namespace Gateway.Node.Engine;

/// <summary>
/// The address of a client's connection, and its description for backends. What the peer says of earlier hops counts only if the peer is a trusted proxy: then
/// its fields are appended to, otherwise they are replaced.
/// </summary>
internal sealed class ClientAddress
{
    private readonly IPAddress _peer;
    private readonly ulong _key;
    private readonly byte[] _scheme;
    private readonly byte[] _text;

    /// <summary>The address as a node of RFC 7239: IPv6 in brackets and quotes.</summary>
    private readonly byte[] _node;

    private ImmutableArray<IPNetwork> _trusted;
    private bool _isTrusted;

    /// <param name="native">A sockaddr.</param>
    public ClientAddress(ReadOnlySpan<byte> native)
        : this(In(native)) => Port = PortIn(native);

    /// <param name="scheme">The scheme of the client's requests.</param>
    /// <param name="isHttp2">Whether the client itself speaks HTTP/2.</param>
    public ClientAddress(IPAddress address, string scheme = "http", bool isHttp2 = false)
    {
        (Scheme, _scheme, IsHttp2) = (scheme, Encoding.ASCII.GetBytes(scheme), isHttp2);
        _peer = Plain(address);
        _key = HashKey.Of(_peer);
        var text = _peer.ToString();
        _text = Encoding.ASCII.GetBytes(text);
        _node = _peer.AddressFamily == AddressFamily.InterNetwork ? _text : Encoding.ASCII.GetBytes($"\"[{text}]\"");
    }

    /// <summary>The connection's source port; 0 if unknown.</summary>
    public int Port { get; init; }

    /// <summary>The TLS version of the client's connection; null without TLS.</summary>
    public string? Tls { get; init; }

    /// <summary>Whether the connection arrived at the httpcg listener, so that request targets may be httpcg URLs.</summary>
    public bool AcceptsHttpcgTargets { get; init; }

    /// <summary>The client's certificate; null: none.</summary>
    public ClientCertificate? Certificate { get; init; }

    /// <summary>The name of a TLS version in logs; null: none.</summary>
    public static string? TlsNameOf(SslProtocols version) => version switch
    {
        SslProtocols.None => null,
        SslProtocols.Tls13 => "TLSv1.3",
        SslProtocols.Tls12 => "TLSv1.2",
        _ => "TLS",
    };

    /// <summary>The scheme of the client's requests.</summary>
    public string Scheme { get; }

    /// <summary>Whether the client speaks HTTP/2 and its requests were translated to HTTP/1.1.</summary>
    public bool IsHttp2 { get; }

    /// <summary>The hash key of the client: the peer's address, or the last untrusted one that a trusted peer forwarded.</summary>
    public ulong KeyOf(RequestHead request, ReadOnlySpan<byte> head, ImmutableArray<IPNetwork> trusted) =>
        ClientOf(request, head, trusted) is var client && ReferenceEquals(client, _peer) ? _key : HashKey.Of(client);

    /// <summary>The client: the peer's address, or the last untrusted one that a trusted peer forwarded.</summary>
    public IPAddress ClientOf(RequestHead request, ReadOnlySpan<byte> head, ImmutableArray<IPNetwork> trusted) =>
        IsTrusted(trusted) ? ForwardedClient.Of(request.Fields, head, trusted) ?? _peer : _peer;

    /// <summary>Whether the client sends its requests over TLS, to this gateway or to a trusted proxy in front of it.</summary>
    public bool IsSecure(RequestHead request, ReadOnlySpan<byte> head, ImmutableArray<IPNetwork> trusted) =>
        Tls is not null || (IsTrusted(trusted) && request.Fields.Has(FieldName.XForwardedProto) && IsForwardedSecurely(request, head));

    /// <summary>Whether the nearest proxy, which is the last, says that the request came over TLS.</summary>
    private static bool IsForwardedSecurely(RequestHead request, ReadOnlySpan<byte> head)
    {
        ReadOnlySpan<byte> said = [];
        foreach (ref readonly var field in request.Fields.All)
        {
            if (field.Name == FieldName.XForwardedProto)
            {
                said = field.ValueIn(head);
            }
        }

        return Ascii.EqualsIgnoreCase(said[(said.LastIndexOf((byte)',') + 1)..].Trim(" \t"u8), "https"u8);
    }

    /// <summary>The peer's address.</summary>
    public IPAddress Peer => _peer;

    /// <summary>Writes X-Forwarded-For, -Proto, -Host and Forwarded.</summary>
    /// <param name="host">The host that the request names; may be empty.</param>
    /// <param name="isAuthority">Whether it is the authority of an httpcg URL; then no earlier host is forwarded instead.</param>
    public void Write(ref ByteWriter to, RequestHead request, ReadOnlySpan<byte> head, ReadOnlySpan<byte> host, bool isAuthority, ImmutableArray<IPNetwork> trusted)
    {
        var isTrusted = IsTrusted(trusted);
        to.Write("X-Forwarded-For: "u8);
        if (isTrusted)
        {
            WriteEarlier(ref to, request, head, FieldName.XForwardedFor);
        }

        to.Write(_text);
        to.Write("\r\nX-Forwarded-Proto: "u8);
        WriteOr(ref to, request, head, isTrusted ? FieldName.XForwardedProto : FieldName.Other, _scheme);
        to.Write("\r\nForwarded: "u8);
        if (isTrusted)
        {
            WriteEarlier(ref to, request, head, FieldName.Forwarded);
        }

        to.Write("for="u8);
        to.Write(_node);
        to.Write(";proto="u8);
        to.Write(_scheme);
        if (!host.IsEmpty)
        {
            to.Write(";host="u8);
            WriteValue(ref to, host);
        }

        to.Write("\r\n"u8);
        if (!host.IsEmpty || (isTrusted && request.Fields.Has(FieldName.XForwardedHost)))
        {
            to.Write("X-Forwarded-Host: "u8);
            WriteOr(ref to, request, head, isTrusted && !isAuthority ? FieldName.XForwardedHost : FieldName.Other, host);
            to.Write("\r\n"u8);
        }
    }

    /// <summary>Reads the address from a sockaddr.</summary>
    public static IPAddress In(ReadOnlySpan<byte> native) =>
        (AddressFamily)BitConverter.ToUInt16(native) == AddressFamily.InterNetwork ? new IPAddress(native.Slice(4, 4)) : Plain(new IPAddress(native.Slice(8, 16)));

    /// <summary>Reads the port from a sockaddr.</summary>
    public static int PortIn(ReadOnlySpan<byte> native) => BinaryPrimitives.ReadUInt16BigEndian(native[2..]);

    /// <summary>
    /// Maps an IPv4-mapped IPv6 address, as dual-stack listeners report it, to IPv4; leaves others as they are. Networks are compared with the result.
    /// </summary>
    public static IPAddress Plain(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;

    /// <summary>The address of a connection's peer.</summary>
    public static IPAddress PeerOf(EndPoint? remote) => Plain((remote as IPEndPoint)?.Address ?? IPAddress.None);

    /// <summary>The port of a connection's peer; 0 if unknown.</summary>
    public static int PortOf(EndPoint? remote) => (remote as IPEndPoint)?.Port ?? 0;

    /// <summary>Writes the host, in quotes unless it is a token: a colon is not allowed in tokens.</summary>
    private static void WriteValue(ref ByteWriter to, ReadOnlySpan<byte> host)
    {
        var plain = !host.ContainsAnyExcept(Token);
        to.Write(plain ? [] : "\""u8);
        to.Write(host);
        to.Write(plain ? [] : "\""u8);
    }

    private static readonly System.Buffers.SearchValues<byte> Token =
        System.Buffers.SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"u8);

    private static void WriteEarlier(ref ByteWriter to, RequestHead request, ReadOnlySpan<byte> head, FieldName name)
    {
        foreach (ref readonly var field in request.Fields.All)
        {
            if (field.Name == name && field.ValueLength > 0)
            {
                to.Write(field.ValueIn(head));
                to.Write(", "u8);
            }
        }
    }

    private static void WriteOr(ref ByteWriter to, RequestHead request, ReadOnlySpan<byte> head, FieldName name, ReadOnlySpan<byte> otherwise) =>
        to.Write(name != FieldName.Other && request.Fields.IndexOf(name) is >= 0 and var i && request.Fields.All[i].ValueLength > 0
            ? request.Fields.All[i].ValueIn(head)
            : otherwise);

    /// <summary>Whether the peer is one of the trusted proxies.</summary>
    public bool IsTrusted(ImmutableArray<IPNetwork> trusted)
    {
        if (trusted != _trusted)
        {
            (_trusted, _isTrusted) = (trusted, !trusted.IsDefaultOrEmpty && ForwardedClient.Contains(trusted, _peer));
        }

        return _isTrusted;
    }
}
