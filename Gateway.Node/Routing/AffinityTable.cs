using System.Buffers.Text;
using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Gateway.Core.Cells;

namespace Gateway.Node.Routing;

/// <summary>
/// The cookies of a pool's current endpoints. Their values are parts of the HMAC of the endpoints' names: equal on replicas with the same key, impossible to
/// forge, and revealing nothing about the endpoint. Requests need no cryptography: their cookie is looked up. Immutable.
/// </summary>
internal sealed class AffinityTable
{
    /// <summary>The bytes of the HMAC in a cookie; three make four characters.</summary>
    private const int TokenBytes = 18;

    private readonly FrozenDictionary<byte[], Endpoint>.AlternateLookup<ReadOnlySpan<byte>> _byToken;
    private readonly FrozenDictionary<EndpointCell, byte[]> _lines;

    public AffinityTable(ImmutableArray<Endpoint> endpoints, AffinitySettings settings, byte[] key)
    {
        Endpoints = endpoints;
        _byToken = endpoints.ToFrozenDictionary(e => TokenOf(e, key), OctetComparer.Instance).GetAlternateLookup<ReadOnlySpan<byte>>();
        _lines = endpoints.ToFrozenDictionary(e => e.Cell, e => LineOf(TokenOf(e, key), settings));
    }

    /// <summary>The endpoints it was built for.</summary>
    public ImmutableArray<Endpoint> Endpoints { get; }

    /// <summary>The endpoint of a cookie; null if unknown.</summary>
    public Endpoint? Find(ReadOnlySpan<byte> value) => _byToken.TryGetValue(value, out var endpoint) ? endpoint : null;

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
