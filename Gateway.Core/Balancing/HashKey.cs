using System.IO.Hashing;
using System.Net;

namespace Gateway.Core.Balancing;

/// <summary>
/// Computes the 64-bit hash key for <c>ip-hash</c> and <c>maglev</c>: the same in every process, so all replicas send a client to
/// the same endpoint. Does not allocate.
/// </summary>
public static class HashKey
{
    private const int MaxAddressLength = 16;
    private const int MappedPrefix = 12;

    /// <summary>Hashes a client address. <c>::ffff:192.0.2.1</c> equals <c>192.0.2.1</c>; the scope id is ignored.</summary>
    public static ulong Of(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[MaxAddressLength];
        address.TryWriteBytes(bytes, out var written);
        return Of(address.IsIPv4MappedToIPv6 ? bytes[MappedPrefix..] : bytes[..written]);
    }

    /// <summary>Hashes other bytes, such as a cookie or a header.</summary>
    public static ulong Of(ReadOnlySpan<byte> bytes) => XxHash3.HashToUInt64(bytes);
}
