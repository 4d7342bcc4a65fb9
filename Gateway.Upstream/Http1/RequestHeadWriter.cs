using System.Buffers;
using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Gateway.Upstream.Http1;

/// <summary>
/// Writes a request's head, character by character as one byte (Latin-1, as the client's bytes were read), and checks what it has written:
/// nothing that could end a line early leaves the gateway, wherever it came from.
/// </summary>
internal static class RequestHeadWriter
{
    /// <summary>Appends the head to what is in the buffer; with a fault, the buffer is left as it was.</summary>
    public static WriteFault Write(PooledBuffer to, in RequestHead head)
    {
        var start = to.Length;
        var fault = WriteLine(to, head);
        fault = fault != WriteFault.None ? fault : Field(to, "Host: "u8, head.Host);
        fault = fault != WriteFault.None ? fault : WriteClientFields(to, head.Client);
        fault = fault != WriteFault.None ? fault : WriteOwnFields(to, head);
        if (fault != WriteFault.None)
        {
            to.Truncate(start);
            return fault;
        }

        WriteFraming(to, head.Framing);
        to.Write(head.ExpectsContinue ? "Expect: 100-continue\r\n\r\n"u8 : "\r\n"u8);
        return WriteFault.None;
    }

    private static WriteFault WriteLine(PooledBuffer to, in RequestHead head)
    {
        if (!TryToken(to, head.Method))
        {
            return WriteFault.BadMethod;
        }

        to.Write(" "u8);
        if (head.Target.Length == 0 || !TryText(to, head.Target, Octets.ControlsAndSpace))
        {
            return WriteFault.BadTarget;
        }

        to.Write(" HTTP/1.1\r\n"u8);
        return WriteFault.None;
    }

    private static WriteFault WriteClientFields(PooledBuffer to, IHeaderDictionary fields)
    {
        var named = ClientFields.NamedBy(fields);
        foreach (var (name, values) in fields)
        {
            if (!ClientFields.GoesOn(name, named) || ClientFields.IsFraming(name))
            {
                continue;
            }

            foreach (var value in values)
            {
                if (!TryToken(to, name))
                {
                    return WriteFault.BadFieldName;
                }

                var fault = Field(to, ": "u8, value ?? "");
                if (fault != WriteFault.None)
                {
                    return fault;
                }
            }
        }

        return WriteFault.None;
    }

    private static WriteFault WriteOwnFields(PooledBuffer to, in RequestHead head)
    {
        var fault = WriteVia(to, head.Client.Via, head.Own.Via);
        fault = fault != WriteFault.None ? fault : WriteForwarder(to, head.Own);
        if (HopByHop.IsNamedBy(head.Client.TE, "trailers"))
        {
            to.Write("Connection: TE\r\nTE: trailers\r\n"u8); // Whoever sends TE names it, so that it goes no further (RFC 9110 10.1.4).
        }

        if (fault == WriteFault.None && head.Upgrade is { } upgrade)
        {
            to.Write("Connection: Upgrade\r\n"u8);
            fault = Field(to, "Upgrade: "u8, upgrade);
        }

        return fault == WriteFault.None && ClientFields.HopsOf(head.Client, head.Method) is { } hops
            ? Field(to, "Max-Forwards: "u8, hops)
            : fault;
    }

    private static WriteFault WriteForwarder(PooledBuffer to, ForwardedFields own)
    {
        if (own.Lines is { } lines)
        {
            to.Write(lines);
            return WriteFault.None;
        }

        var start = to.Length;
        var fault = Field(to, "X-Forwarded-For: "u8, own.For);
        fault = fault != WriteFault.None ? fault : Field(to, "X-Forwarded-Proto: "u8, own.Proto);
        fault = fault != WriteFault.None ? fault : Field(to, "Forwarded: "u8, own.Forwarded);
        fault = fault != WriteFault.None || own.Host is null ? fault : Field(to, "X-Forwarded-Host: "u8, own.Host);
        own.Lines = fault == WriteFault.None && own.IsKept ? to.Written[start..].ToArray() : null;
        return fault;
    }

    private static WriteFault WriteVia(PooledBuffer to, StringValues before, string own)
    {
        to.Write("Via: "u8);
        foreach (var value in before)
        {
            if (!TryText(to, value ?? "", Octets.LineBreaking))
            {
                return WriteFault.BadFieldValue;
            }

            to.Write(", "u8);
        }

        return Field(to, [], own);
    }

    private static void WriteFraming(PooledBuffer to, BodyFraming framing)
    {
        switch (framing.Kind)
        {
            case BodyKind.None:
                break;
            case BodyKind.Length:
                Number(to, "Content-Length: "u8, framing.Bytes);
                break;
            case BodyKind.Chunked:
                to.Write("Transfer-Encoding: chunked\r\n"u8);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(framing), framing, "a request does not end with its connection");
        }
    }

    private static WriteFault Field(PooledBuffer to, ReadOnlySpan<byte> name, string value)
    {
        to.Write(name);
        if (!TryText(to, value, Octets.LineBreaking))
        {
            return WriteFault.BadFieldValue;
        }

        to.Write("\r\n"u8);
        return WriteFault.None;
    }

    private static void Number(PooledBuffer to, ReadOnlySpan<byte> name, long value)
    {
        to.Write(name);
        value.TryFormat(to.GetSpan(20), out var digits, provider: CultureInfo.InvariantCulture);
        to.Advance(digits);
        to.Write("\r\n"u8);
    }

    private static bool TryToken(PooledBuffer to, string text)
    {
        var start = to.Length;
        return text.Length > 0 && TryLatin1(to, text) && !to.Written[start..].ContainsAnyExcept(Octets.Token);
    }

    private static bool TryText(PooledBuffer to, string text, SearchValues<byte> forbidden)
    {
        var start = to.Length;
        return TryLatin1(to, text) && !to.Written[start..].ContainsAny(forbidden);
    }

    private static bool TryLatin1(PooledBuffer to, string text)
    {
        var room = to.GetSpan(text.Length);
        if (Ascii.FromUtf16(text, room, out _) != OperationStatus.Done)
        {
            for (var i = 0; i < text.Length; i++)
            {
                if (text[i] > byte.MaxValue)
                {
                    return false; // Its lower half alone could be a line feed.
                }

                room[i] = (byte)text[i];
            }
        }

        to.Advance(text.Length);
        return true;
    }
}
