using System.Text;

namespace Gateway.Http;

/// <summary>The parts of gRPC in HTTP fields: content type, deadline, and status message.</summary>
public static class GrpcFields
{
    /// <summary>The length of a deadline written by <see cref="WriteTimeout"/>, in bytes.</summary>
    public const int TimeoutLength = MaxDigits + 1;

    private const int MaxDigits = 8;

    private static ReadOnlySpan<byte> Type => "application/grpc"u8;

    private static ReadOnlySpan<byte> HexDigits => "0123456789ABCDEF"u8;

    /// <summary>Whether a content type is gRPC: <c>application/grpc</c>, optionally with <c>+</c> and a format or with parameters. gRPC-Web is another protocol.</summary>
    public static bool IsGrpc(ReadOnlySpan<byte> contentType) =>
        contentType.Length >= Type.Length && Ascii.EqualsIgnoreCase(contentType[..Type.Length], Type) &&
        (contentType.Length == Type.Length || contentType[Type.Length] is (byte)'+' or (byte)';' or (byte)' ' or (byte)'\t');

    /// <summary>Whether a request is a gRPC call.</summary>
    public static bool IsCall(RequestHead request, ReadOnlySpan<byte> head) =>
        request.Fields.Has(FieldName.ContentType) && request.Method == "POST" &&
        IsGrpc(request.Fields.All[request.Fields.IndexOf(FieldName.ContentType)].ValueIn(head));

    /// <summary>Reads the remaining time of a call; false if it is malformed.</summary>
    /// <param name="timeout">The time; null if absent.</param>
    public static bool TryReadTimeout(RequestHead request, ReadOnlySpan<byte> head, out TimeSpan? timeout)
    {
        timeout = null;
        if (!request.Fields.Has(FieldName.GrpcTimeout))
        {
            return true;
        }

        foreach (ref readonly var field in request.Fields.All)
        {
            if (field.Name != FieldName.GrpcTimeout)
            {
                continue;
            }

            if (timeout is not null || !TryParseTimeout(field.ValueIn(head), out var time))
            {
                return false;
            }

            timeout = time;
        }

        return true;
    }

    /// <summary>Parses one to eight digits and a unit: <c>H</c>, <c>M</c>, <c>S</c>, <c>m</c> (ms), <c>u</c> (µs), <c>n</c> (ns).</summary>
    public static bool TryParseTimeout(ReadOnlySpan<byte> text, out TimeSpan timeout)
    {
        timeout = default;
        if (text.Length is < 2 or > TimeoutLength || Octets.Number(text[..^1]) is not (>= 0 and var count))
        {
            return false;
        }

        var ticks = text[^1] switch
        {
            (byte)'H' => count * TimeSpan.TicksPerHour,
            (byte)'M' => count * TimeSpan.TicksPerMinute,
            (byte)'S' => count * TimeSpan.TicksPerSecond,
            (byte)'m' => count * TimeSpan.TicksPerMillisecond,
            (byte)'u' => count * TimeSpan.TicksPerMicrosecond,
            (byte)'n' => count / TimeSpan.NanosecondsPerTick,
            _ => -1,
        };
        timeout = TimeSpan.FromTicks(ticks);
        return ticks >= 0;
    }

    /// <summary>Writes the remaining time in <see cref="TimeoutLength"/> bytes: in milliseconds, or in seconds above 27 hours.</summary>
    public static void WriteTimeout(Span<byte> room, long milliseconds)
    {
        var inSeconds = milliseconds >= 100_000_000;
        var left = Math.Min(inSeconds ? milliseconds / 1000 : Math.Max(1, milliseconds), 99_999_999);
        room[MaxDigits] = inSeconds ? (byte)'S' : (byte)'m';
        for (var at = MaxDigits - 1; at >= 0; at--, left /= 10)
        {
            room[at] = (byte)('0' + (left % 10));
        }
    }

    /// <summary>Parses the value of <c>grpc-status</c>; -1 if it is not valid.</summary>
    public static long StatusOf(ReadOnlySpan<byte> value) => value.Length <= 2 ? Octets.Number(value) : -1;

    /// <summary>Encodes a message for <c>grpc-message</c>: UTF-8, with each octet that is a percent sign or not printable ASCII written as <c>%</c> and two digits.</summary>
    public static string Encode(string message)
    {
        var text = new StringBuilder(message.Length);
        foreach (var octet in Encoding.UTF8.GetBytes(message))
        {
            if (octet is >= 0x20 and <= 0x7E and not (byte)'%')
            {
                text.Append((char)octet);
            }
            else
            {
                text.Append('%').Append((char)HexDigits[octet >> 4]).Append((char)HexDigits[octet & 0xF]);
            }
        }

        return text.ToString();
    }
}
