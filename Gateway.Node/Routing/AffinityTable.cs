using System.Buffers.Text;
using System.Collections.Frozen;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Gateway.Core.Cells;
using Gateway.Core.Pools;

namespace Gateway.Node.Routing;

/// <summary>
/// The cookies of a pool's current endpoints. Their values are parts of the HMAC of the endpoints' names: equal on replicas with the same key, impossible to
/// forge, and revealing nothing about the endpoint. Requests need no cryptography: their cookie is looked up. Immutable.
/// </summary>
internal sealed class AffinityTable
{
    /// <summary>The bytes of the HMAC in a cookie; three make four characters.</summary>
    private const int TokenBytes = 18;

    private readonly FrozenDictionary<byte[], int>.AlternateLookup<ReadOnlySpan<byte>> _byToken;
    private readonly FrozenDictionary<EndpointCell, byte[]> _lines;

    private readonly PoolSnapshot _made;

    public AffinityTable(PoolSnapshot pool, AffinitySettings settings, byte[] key)
    {
        _made = pool;
        var tokens = pool.Members.Select(member => TokenOf(member.Endpoint, key)).ToArray();
        _byToken = tokens.Index().ToFrozenDictionary(token => token.Item, token => token.Index, OctetComparer.Instance).GetAlternateLookup<ReadOnlySpan<byte>>();
        _lines = tokens.Index().ToFrozenDictionary(token => pool.Members[token.Index].Cell, token => LineOf(token.Item, settings));
    }

    /// <summary>Whether a snapshot has the endpoints whose cookies these are, at the same places.</summary>
    public bool IsOf(PoolSnapshot pool) => pool.HasPlacesOf(_made);

    /// <summary>Finds the place of the endpoint that a cookie is of.</summary>
    public bool TryFind(ReadOnlySpan<byte> value, out int place) => _byToken.TryGetValue(value, out place);

    /// <summary>The line that sets an endpoint's cookie, with its end; null if the endpoint has left the pool.</summary>
    public byte[]? LineFor(EndpointCell cell) => _lines.GetValueOrDefault(cell);

    private static byte[] TokenOf(Endpoint endpoint, byte[] key) =>
        Encoding.ASCII.GetBytes(Base64Url.EncodeToString(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(endpoint.Id.ToString())).AsSpan(0, TokenBytes)));

    private static byte[] LineOf(byte[] token, AffinitySettings settings)
    {
        var line = new StringBuilder($"Set-Cookie: {settings.Cookie}={Encoding.ASCII.GetString(token)}; Path=/; HttpOnly; SameSite={settings.SameSite}");
        if (settings.Secure)
        {
            line.Append("; Secure");
        }

        if (settings.MaxAge is { } age)
        {
            line.Append(CultureInfo.InvariantCulture, $"; Max-Age={(long)age.TotalSeconds}");
        }

        return Encoding.ASCII.GetBytes(line.Append("\r\n").ToString());
    }
}
