using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;

namespace Gateway.Node.Limiting;

/// <summary>A set of addresses, as the ranges of networks. Immutable; a lookup is a binary search and allocates nothing.</summary>
internal sealed class NetworkSet
{
    private const int AddressBits = 128;
    private const int AddressLength = 16;
    private const int MappedBits = 96;

    private static readonly UInt128 FirstMapped = (UInt128)0xFFFF << 32;
    private static readonly UInt128 LastMapped = FirstMapped | uint.MaxValue;

    /// <summary>The first address of each range, in order.</summary>
    private readonly ImmutableArray<UInt128> _firsts;

    /// <summary>The last address of each range.</summary>
    private readonly ImmutableArray<UInt128> _lasts;

    public NetworkSet(ImmutableArray<IPNetwork> networks)
    {
        var (firsts, lasts) = (ImmutableArray.CreateBuilder<UInt128>(), ImmutableArray.CreateBuilder<UInt128>());
        foreach (var (first, last) in networks.SelectMany(RangeOf).Order())
        {
            if (lasts.Count > 0 && first <= lasts[^1])
            {
                lasts[^1] = UInt128.Max(lasts[^1], last);
                continue;
            }

            firsts.Add(first);
            lasts.Add(last);
        }

        (_firsts, _lasts) = (firsts.ToImmutable(), lasts.ToImmutable());
    }

    public bool IsEmpty => _firsts.IsEmpty;

    public bool Contains(IPAddress address)
    {
        var number = NumberOf(address);
        var at = _firsts.AsSpan().BinarySearch(number);
        at = at < 0 ? ~at - 1 : at;
        return at >= 0 && number <= _lasts[at];
    }

    /// <summary>The address as an IPv6 number; IPv4 addresses are ::ffff:0:0/96.</summary>
    public static UInt128 NumberOf(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[AddressLength];
        address.TryWriteBytes(bytes, out var length);
        return length == AddressLength ? BinaryPrimitives.ReadUInt128BigEndian(bytes) : FirstMapped | BinaryPrimitives.ReadUInt32BigEndian(bytes);
    }

    /// <summary>The ranges of a network. An IPv6 network that contains all of ::ffff:0:0/96 does not mean IPv4 addresses too: these are left out.</summary>
    private static IEnumerable<(UInt128 First, UInt128 Last)> RangeOf(IPNetwork network)
    {
        var first = NumberOf(network.BaseAddress);
        var bits = network.PrefixLength + (network.BaseAddress.AddressFamily == AddressFamily.InterNetwork ? MappedBits : 0);
        var last = bits == 0 ? UInt128.MaxValue : first | ((UInt128.One << (AddressBits - bits)) - 1);
        return bits < MappedBits && first <= FirstMapped && last >= LastMapped ? [(first, FirstMapped - 1), (LastMapped + 1, last)] : [(first, last)];
    }
}
