using System.Runtime.CompilerServices;
using System.Text;
using Gateway.Core.Balancing;
using Gateway.Core.Cells;
using Gateway.Core.Pools;
using Gateway.Http;

namespace Gateway.Node.Routing;

/// <summary>A route's affinity, prepared. Its table of a pool's endpoints is rebuilt when they change; otherwise it allocates nothing.</summary>
/// <param name="key">The key for cookies; null: affinity by hash.</param>
internal sealed class RouteAffinity(AffinitySettings settings, byte[]? key)
{
    private readonly ConditionalWeakTable<Pool, Holder> _holders = [];
    private readonly byte[] _name = Encoding.ASCII.GetBytes((settings.By == AffinityKind.Cookie ? settings.Cookie : settings.Name) ?? "");

    public AffinitySettings Settings => settings;

    /// <summary>The endpoint for the request; null if the request has no affinity, or its cookie is of no current endpoint of the pool.</summary>
    /// <param name="query">Without the question mark.</param>
    /// <param name="client">The hash key of the client.</param>
    public PoolMember? Find(PoolSnapshot pool, FieldSection fields, ReadOnlySpan<byte> head, ReadOnlySpan<byte> query, ulong client)
    {
        ReadOnlySpan<byte> value;
        switch (settings.By)
        {
            case AffinityKind.Client:
                return FindByHash(pool, client);
            case AffinityKind.Header:
                return FieldText.TryFind(fields, head, _name, out value) ? FindByHash(pool, HashKey.Of(value)) : null;
            case AffinityKind.Query:
                return QueryText.TryHash(query, _name, out var hash) ? FindByHash(pool, hash) : null;
            default:
                return CookieText.TryFind(fields, head, _name, out value) && TableOf(pool).TryFind(value, out var place) ? pool.Members[place] : null;
        }
    }

    /// <summary>The line that sets an endpoint's cookie, with its end; null if the endpoint has left, or no cookies are set.</summary>
    public byte[]? LineFor(Pool pool, EndpointCell cell) => settings.By == AffinityKind.Cookie ? TableOf(pool.Snapshot).LineFor(cell) : null;

    private PoolMember? FindByHash(PoolSnapshot pool, ulong hash)
    {
        var holder = HolderOf(pool.Pool);
        var ring = Volatile.Read(ref holder.Ring);
        if (ring is null || (!ring.IsOf(pool) && Interlocked.Exchange(ref holder.IsBuilding, 1) == 0))
        {
            ring = ring?.For(pool) ?? new AffinityRing(pool); // One loop builds it; the others use the last one meanwhile.
            Volatile.Write(ref holder.Ring, ring);
            Volatile.Write(ref holder.IsBuilding, 0);
        }

        return ring.Find(hash, pool);
    }

    private AffinityTable TableOf(PoolSnapshot pool)
    {
        var holder = HolderOf(pool.Pool);
        var table = Volatile.Read(ref holder.Table);
        if (table is null || !table.IsOf(pool))
        {
            table = new AffinityTable(pool, settings, key!);
            Volatile.Write(ref holder.Table, table);
        }

        return table;
    }

    private Holder HolderOf(Pool pool) => _holders.GetValue(pool, static _ => new Holder());

    private sealed class Holder
    {
        public AffinityTable? Table;
        public AffinityRing? Ring;
        public int IsBuilding;
    }
}
