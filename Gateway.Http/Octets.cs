using System.Buffers;
using System.Buffers.Text;
using System.Runtime.CompilerServices;

namespace Gateway.Http;

/// <summary>The byte classes of the HTTP grammar (RFC 9110 5.6).</summary>
internal static class Octets
{
    /// <summary>tchar: the bytes of a token, such as a field name or a method.</summary>
    public static readonly SearchValues<byte> Token =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"u8);

    /// <summary>All control bytes except the tab: none is valid within a line, and a carriage return ends it.</summary>
    public static readonly SearchValues<byte> Control = SearchValues.Create(
        [.. Enumerable.Range(0, 32).Where(c => c != '\t').Select(c => (byte)c), 127]);

    /// <summary>The bytes that end a request target: a space or a control byte.</summary>
    public static readonly SearchValues<byte> TargetEnd = SearchValues.Create([.. Enumerable.Range(0, 33).Select(c => (byte)c), 127]);

    private static readonly bool[] IsTokenByte = [.. Enumerable.Range(0, 256).Select(c => Token.Contains((byte)c))];

    /// <summary>Returns the number of leading token bytes. Names are short: a loop is faster than a vector.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int TokenLength(ReadOnlySpan<byte> bytes)
    {
        var table = IsTokenByte;
        for (var i = 0; i < bytes.Length; i++)
        {
            if (!table[bytes[i]])
            {
                return i;
            }
        }

        return bytes.Length;
    }

    public static bool IsBlank(byte octet) => octet is (byte)' ' or (byte)'\t';

    public static ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> bytes) => bytes.Trim(" \t"u8);

    /// <summary>Parses only digits, at most 19, up to 2^63 - 1; returns -1 otherwise.</summary>
    public static long Number(ReadOnlySpan<byte> digits) =>
        digits.Length <= 19 && digits is [>= (byte)'0' and <= (byte)'9', ..] && Utf8Parser.TryParse(digits, out long value, out var used) && used == digits.Length ? value : -1;
}
