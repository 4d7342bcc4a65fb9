using System.IO.Hashing;
using System.Net;
using System.Runtime.InteropServices;
using System.Text;
using Gateway.Http;

namespace Gateway.Node.Limiting;

/// <summary>A rate limit in force, with its buckets. Shared by all loops; taking allocates nothing.</summary>
internal sealed class RateLimiter
{
    private const int AddressLength = 16;

    private readonly RateTable _table;
    private readonly byte[]? _field;

    /// <summary>Varies the hashes between processes, so that clients cannot choose keys that collide.</summary>
    private readonly long _seed = new Random().NextInt64();

    /// <param name="name">The limit's name, as sent to clients.</param>
    public RateLimiter(string name, RateLimitSettings settings)
    {
        (Name, Settings) = (name, settings);
        _field = settings.Field is { } field ? Encoding.ASCII.GetBytes(field) : null;
        _table = new(settings.MaxKeys, IntervalOf(settings), settings.Burst);
    }

    public string Name { get; }

    public RateLimitSettings Settings { get; }

    /// <summary>The number of keys forgotten before their buckets were full, for lack of room, since the last call.</summary>
    public long TakeForgotten() => _table.TakeForgotten();

    /// <summary>Takes one request from its key's bucket.</summary>
    /// <param name="client">The client's address.</param>
    /// <param name="now">Time since a fixed moment, the same for all loops.</param>
    /// <param name="wait">The time until one would be admitted; zero if this one was.</param>
    /// <param name="fingerprint">The fingerprint of the peer's certificate; null: it has none, or forwards for others.</param>
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

    /// <summary>Clears the bits of an IPv6 address beyond those that identify a client.</summary>
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
