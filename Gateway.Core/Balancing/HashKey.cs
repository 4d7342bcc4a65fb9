using System.IO.Hashing;
using System.Net;

namespace Gateway.Core.Balancing;

/// <summary>
/// The 64-bit key that <c>ip-hash</c> and <c>maglev</c> go by: the same in every process, so that all replicas send a client to the
/// same endpoint. Allocates nothing.
/// </summary>
public static class HashKey
{
    private const int LongestAddress = 16;
    private const int MappedPrefix = 12;

    /// <summary>The key of a client. <c>::ffff:192.0.2.1</c> is <c>192.0.2.1</c>; a scope id does not count.</summary>
    public static ulong Of(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[LongestAddress];
        address.TryWriteBytes(bytes, out var written);
        return Of(address.IsIPv4MappedToIPv6 ? bytes[MappedPrefix..] : bytes[..written]);
    }

    /// <summary>The key of any other bytes: a cookie, a header.</summary>
    public static ulong Of(ReadOnlySpan<byte> bytes) => XxHash3.HashToUInt64(bytes);
}
