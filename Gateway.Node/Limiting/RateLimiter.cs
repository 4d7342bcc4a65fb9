using System.IO.Hashing;
using System.Net;
using System.Runtime.InteropServices;
using System.Text;
using Gateway.Http;

namespace Gateway.Node.Limiting;

/// <summary>One rate limit in force, with its buckets. Used by all loops at once; taking allocates nothing.</summary>
internal sealed class RateLimiter
{
    private const int AddressLength = 16;

    private readonly RateTable _table;
    private readonly byte[]? _field;

    /// <summary>Makes the hashes another in each process, so that nobody can choose keys that fall together.</summary>
    private readonly long _seed = new Random().NextInt64();

    /// <param name="name">What clients are told that the limit is called.</param>
    public RateLimiter(string name, RateLimitSettings settings)
    {
        (Name, Settings) = (name, settings);
        _field = settings.Field is { } field ? Encoding.ASCII.GetBytes(field) : null;
        _table = new(settings.MaxKeys, IntervalOf(settings), settings.Burst);
    }

    public string Name { get; }

    public RateLimitSettings Settings { get; }

    /// <summary>How many keys were forgotten before their buckets were full, for want of room, since this was last asked.</summary>
    public long TakeForgotten() => _table.TakeForgotten();

    /// <summary>Takes one request out of the bucket that it counts for.</summary>
    /// <param name="client">Who sent it.</param>
    /// <param name="now">Since any fixed moment, the same for all loops.</param>
    /// <param name="wait">How long until one would be let through; zero when this one has been.</param>
    /// <param name="fingerprint">Of the certificate that the peer has shown; null: it has shown none, or speaks for others.</param>
    public bool TryTake(FieldSection fields, ReadOnlySpan<byte> head, IPAddress client, TimeSpan now, out TimeSpan wait, string? fingerprint = null)
    {
        var isTaken = _table.TryTake(KeyOf(fields, head, client, fingerprint), now.Ticks * RateTable.UnitsPerTick, out var units);
        wait = TimeSpan.FromTicks((units + RateTable.UnitsPerTick - 1) / RateTable.UnitsPerTick);
        return isTaken;
    }

    private static long IntervalOf(RateLimitSettings settings) =>
        (long)((((Int128)settings.Per.Ticks * RateTable.UnitsPerTick) + settings.Requests - 1) / settings.Requests);

    private ulong KeyOf(FieldSection fields, ReadOnlySpan<byte> head, IPAddress client, string? fingerprint)
    {
        if (Settings.By == RateLimitKey.Route)
        {
            return 0;
        }

        if (_field is { } name && FieldText.TryFind(fields, head, name, out var value))
        {
            return XxHash3.HashToUInt64(value, ~_seed);
        }

        if (Settings.By == RateLimitKey.Certificate && fingerprint is not null)
        {
            return XxHash3.HashToUInt64(MemoryMarshal.AsBytes(fingerprint.AsSpan()), ~_seed);
        }

        Span<byte> address = stackalloc byte[AddressLength];
        client.TryWriteBytes(address, out var length);
        if (length == AddressLength)
        {
            Truncate(address);
        }

        return XxHash3.HashToUInt64(address[..length], _seed);
    }

    /// <summary>Leaves of an IPv6 address the bits that stand for a client.</summary>
    private void Truncate(Span<byte> address)
    {
        var whole = Settings.Ipv6Prefix / 8;
        if (Settings.Ipv6Prefix % 8 is > 0 and var bits)
        {
            address[whole++] &= (byte)(0xFF << (8 - bits));
        }

        address[whole..].Clear();
    }
}
