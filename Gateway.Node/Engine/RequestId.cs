using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using Gateway.Http;

namespace Gateway.Node.Engine;

/// <summary>
/// The id of a connection's current request: a trusted proxy's if valid, otherwise 128 random bits as 32 hexadecimal digits. One per client connection, reused
/// for its requests; allocates nothing.
/// </summary>
internal sealed class RequestId
{
    /// <summary>The longest id that is kept, in bytes.</summary>
    public const int MaxLength = 128;

    private const int HexDigits = 16;

    /// <summary>The characters allowed in a kept id: none that ends a field, a word or a quoted string.</summary>
    private static readonly SearchValues<byte> Usable =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._~+/=:@-"u8);

    private readonly byte[] _bytes = new byte[MaxLength];
    private int _length;

    public ReadOnlySpan<byte> Text => _bytes.AsSpan(0, _length);

    /// <summary>Takes the id of the next request, or creates one.</summary>
    public void Take(RequestHead request, ReadOnlySpan<byte> head, ClientAddress client, ImmutableArray<IPNetwork> trusted)
    {
        if (request.Fields.Has(FieldName.XRequestId) && client.IsTrusted(trusted))
        {
            ref readonly var field = ref request.Fields.All[request.Fields.IndexOf(FieldName.XRequestId)];
            var given = field.ValueIn(head);
            if (!field.IsDropped && given.Length is > 0 and <= MaxLength && !given.ContainsAnyExcept(Usable))
            {
                given.CopyTo(_bytes);
                _length = given.Length;
                return;
            }
        }

        RequestRandom.Next().TryFormat(_bytes, out _, "x16", CultureInfo.InvariantCulture);
        RequestRandom.Next().TryFormat(_bytes.AsSpan(HexDigits), out _, "x16", CultureInfo.InvariantCulture);
        _length = 2 * HexDigits;
    }

    /// <summary>Writes the field's line.</summary>
    public void Write(ref ByteWriter to)
    {
        to.Write("X-Request-Id: "u8);
        to.Write(Text);
        to.Write("\r\n"u8);
    }
}
