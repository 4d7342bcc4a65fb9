using System.Buffers;

namespace Gateway.Upstream.Http1;

/// <summary>The bytes of RFC 9110's grammar.</summary>
internal static class Octets
{
    public const byte Tab = (byte)'\t';
    public const byte Space = (byte)' ';
    public const byte CarriageReturn = (byte)'\r';
    public const byte LineFeed = (byte)'\n';

    /// <summary>What names of fields and methods are made of (5.6.2).</summary>
    public static readonly SearchValues<byte> Token =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"u8);

    /// <summary>What no line of a head contains: every control byte but the tab. The first one found is the line's end, or a fault.</summary>
    public static readonly SearchValues<byte> Controls =
        SearchValues.Create([.. Enumerable.Range(0, 32).Where(b => b != Tab).Append(127).Select(b => (byte)b)]);

    /// <summary>What would end a line, or a string in some reader, in the middle of a value.</summary>
    public static readonly SearchValues<byte> LineBreaking = SearchValues.Create("\r\n\0"u8);

    /// <summary>What no request target contains.</summary>
    public static readonly SearchValues<byte> ControlsAndSpace =
        SearchValues.Create([.. Enumerable.Range(0, 33).Append(127).Select(b => (byte)b)]);

    public static bool IsBlank(byte octet) => octet is Space or Tab;

    /// <summary>Without the optional white space around it.</summary>
    public static ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> text) => text.Trim(" \t"u8);
}
