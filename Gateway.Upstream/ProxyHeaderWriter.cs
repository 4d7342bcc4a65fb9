using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Gateway.Upstream;

/// <summary>Creates headers of the PROXY protocol (haproxy.org/download/3.2/doc/proxy-protocol.txt), without extensions.</summary>
public static class ProxyHeaderWriter
{
    private const int HeadLength = 16;
    private const byte Tcp4 = 0x11;
    private const byte Tcp6 = 0x21;

    private static ReadOnlySpan<byte> Signature => "\r\n\r\n\0\r\nQUIT\n"u8;

    /// <summary>Creates the header of a connection for a client. If either address is IPv6, both are written as IPv6.</summary>
    /// <param name="isBinary">Whether to write version 2 instead of version 1.</param>
    /// <param name="source">The client's address.</param>
    /// <param name="destination">The address the client connected to.</param>
    public static byte[] For(bool isBinary, IPEndPoint source, IPEndPoint destination)
    {
        var is4 = source.AddressFamily == AddressFamily.InterNetwork && destination.AddressFamily == AddressFamily.InterNetwork;
        var (from, to) = is4 ? (source.Address, destination.Address) : (source.Address.MapToIPv6(), destination.Address.MapToIPv6());
        if (!isBinary)
        {
            return Encoding.ASCII.GetBytes(string.Create(
                CultureInfo.InvariantCulture, $"PROXY {(is4 ? "TCP4" : "TCP6")} {TextOf(from)} {TextOf(to)} {source.Port} {destination.Port}\r\n"));
        }

        byte[] address = [.. from.GetAddressBytes(), .. to.GetAddressBytes()];
        var header = Binary(0x21, is4 ? Tcp4 : Tcp6, address.Length + 4);
        address.CopyTo(header.AsSpan(HeadLength));
        BinaryPrimitives.WriteUInt16BigEndian(header.AsSpan(HeadLength + address.Length), (ushort)source.Port);
        BinaryPrimitives.WriteUInt16BigEndian(header.AsSpan(HeadLength + address.Length + 2), (ushort)destination.Port);
        return header;
    }

    /// <summary>Creates the header of the gateway's own connection, such as a probe's.</summary>
    public static byte[] Local(bool isBinary) => isBinary ? Binary(0x20, 0, 0) : "PROXY UNKNOWN\r\n"u8.ToArray();

    /// <summary>Formats an address without its scope, which has no meaning elsewhere.</summary>
    private static string TextOf(IPAddress address) => new IPAddress(address.GetAddressBytes()).ToString();

    private static byte[] Binary(byte command, byte family, int length)
    {
        var header = new byte[HeadLength + length];
        Signature.CopyTo(header);
        (header[12], header[13]) = (command, family);
        BinaryPrimitives.WriteUInt16BigEndian(header.AsSpan(14), (ushort)length);
        return header;
    }
}
