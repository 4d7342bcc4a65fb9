using System.Runtime.CompilerServices;
using System.Text;
using Gateway.Core.Endpoints;
using Gateway.Core.Pools;
using Gateway.Http;

namespace Gateway.Node.Routing;

/// <summary>A route's affinity, ready to be gone by. What it knows of a pool's endpoints is made anew when they change, and allocates nothing otherwise.</summary>
internal sealed class RouteAffinity(AffinitySettings settings, byte[] key)
{
    private readonly ConditionalWeakTable<Pool, Holder> _tables = [];
    private readonly byte[] _name = Encoding.ASCII.GetBytes(settings.Cookie);

    /// <summary>The endpoint that the request's cookie is of; null: it has none, or it is of none that the pool has.</summary>
    public Endpoint? Find(Pool pool, FieldSection fields, ReadOnlySpan<byte> head) =>
        CookieText.TryFind(fields, head, _name, out var value) ? TableOf(pool).Find(value) : null;

    /// <summary>The line that sets the cookie of an endpoint, with its end; null: the endpoint has left.</summary>
    public byte[]? LineFor(Pool pool, EndpointCell cell) => TableOf(pool).LineFor(cell);

    private AffinityTable TableOf(Pool pool)
    {
        var holder = _tables.GetValue(pool, static _ => new Holder());
        var endpoints = pool.Endpoints;
        var table = Volatile.Read(ref holder.Table);
        if (table is null || table.Endpoints != endpoints)
        {
            table = new AffinityTable(endpoints, settings, key);
            Volatile.Write(ref holder.Table, table);
        }

        return table;
    }

    private sealed class Holder
    {
        public AffinityTable? Table;
    }
}
