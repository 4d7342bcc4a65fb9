using System.Buffers;

namespace Gateway.Http;

/// <summary>Reads the value of <c>traceparent</c> (W3C Trace Context): <c>00-&lt;32 hex&gt;-&lt;16 hex&gt;-&lt;2 hex&gt;</c>, all in lower case.</summary>
public static class TraceParent
{
    /// <summary>The length of a version 00 value, in bytes.</summary>
    public const int Length = 55;

    public const int TraceIdLength = 32;

    public const int SpanIdLength = 16;

    private const int TraceIdStart = 3;
    private const int SpanIdStart = TraceIdStart + TraceIdLength + 1;
    private const int FlagsStart = SpanIdStart + SpanIdLength + 1;

    private static readonly SearchValues<byte> Hex = SearchValues.Create("0123456789abcdef"u8);

    /// <summary>Whether the value is valid. In later versions, text after the flags is ignored.</summary>
    public static bool IsValid(ReadOnlySpan<byte> value) =>
        value.Length >= Length
        && value[2] == '-' && value[SpanIdStart - 1] == '-' && value[FlagsStart - 1] == '-'
        && !value[..2].ContainsAnyExcept(Hex) && !value[..2].SequenceEqual("ff"u8)
        && (value.Length == Length || (!value[..2].SequenceEqual("00"u8) && value[Length] == '-'))
        && IsId(TraceIdIn(value)) && IsId(SpanIdIn(value)) && !value.Slice(FlagsStart, 2).ContainsAnyExcept(Hex);

    /// <summary>Returns the trace id in a valid value.</summary>
    public static ReadOnlySpan<byte> TraceIdIn(ReadOnlySpan<byte> value) => value.Slice(TraceIdStart, TraceIdLength);

    /// <summary>Returns the id of the sender's span in a valid value.</summary>
    public static ReadOnlySpan<byte> SpanIdIn(ReadOnlySpan<byte> value) => value.Slice(SpanIdStart, SpanIdLength);

    /// <summary>Whether a valid value says that the sender recorded the trace.</summary>
    public static bool IsSampled(ReadOnlySpan<byte> value) => (value[FlagsStart + 1] & 1) != (value[FlagsStart + 1] >= 'a' ? 1 : 0);

    private static bool IsId(ReadOnlySpan<byte> id) => !id.ContainsAnyExcept(Hex) && id.ContainsAnyExcept((byte)'0');
}
