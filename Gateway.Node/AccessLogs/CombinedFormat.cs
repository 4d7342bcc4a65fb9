using System.Buffers;
using System.Collections.Immutable;
using Gateway.Node.Recording;

namespace Gateway.Node.AccessLogs;

/// <summary>
/// The combined log format of web servers: <c>client - - [time] "request" status bytes "referer" "user-agent"</c>. Quotes and backslashes are escaped with a
/// backslash, and a byte that is not printable ASCII is written as <c>\xhh</c>, so that nothing sent by a client ends a text or a line.
/// </summary>
/// <param name="fields">The request fields in the records; only Referer and User-Agent are written.</param>
internal sealed class CombinedFormat(ImmutableArray<LoggedField> fields) : ILineFormat
{
    private static readonly SearchValues<byte> Plain = SearchValues.Create(
        " !#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[]^_`abcdefghijklmnopqrstuvwxyz{|}~"u8);

    private readonly int _referer = IndexOf(fields, "referer");
    private readonly int _userAgent = IndexOf(fields, "user-agent");

    public void Write(LineBuffer to, AccessRecord record, DateTimeOffset begun)
    {
        to.Add(record.Client);
        to.Add(" - - ["u8);
        to.Add(begun, "dd'/'MMM'/'yyyy:HH:mm:ss '+0000'");
        to.Add("] \""u8);
        if (record.Method.Length > 0)
        {
            to.Add(record.Method);
            to.Add((byte)' ');
        }

        WriteEscaped(to, record.TextAt(record.Target));
        if (record.Protocol.Length > 0)
        {
            to.Add((byte)' ');
            to.Add(record.Protocol);
        }

        to.Add("\" "u8);
        to.Add(record.Status);
        to.Add((byte)' ');
        to.Add(record.BytesOut);
        WriteField(to, record, _referer);
        WriteField(to, record, _userAgent);
        to.Add((byte)'\n');
    }

    private void WriteField(LineBuffer to, AccessRecord record, int field)
    {
        to.Add(" \""u8);
        if (field < 0 || record.Fields[field].Length == 0)
        {
            to.Add((byte)'-');
        }
        else
        {
            WriteEscaped(to, fields[field].IsRedacted ? LoggedField.Redacted : record.TextAt(record.Fields[field]));
        }

        to.Add((byte)'"');
    }

    private static void WriteEscaped(LineBuffer to, ReadOnlySpan<byte> text)
    {
        while (!text.IsEmpty)
        {
            var plain = text.IndexOfAnyExcept(Plain);
            plain = plain < 0 ? text.Length : plain;
            to.Add(text[..plain]);
            text = text[plain..];
            if (text.IsEmpty)
            {
                return;
            }

            to.Add((byte)'\\');
            if (text[0] is (byte)'"' or (byte)'\\')
            {
                to.Add(text[0]);
            }
            else
            {
                to.Add((byte)'x');
                to.Add("0123456789abcdef"u8[text[0] >> 4]);
                to.Add("0123456789abcdef"u8[text[0] & 15]);
            }

            text = text[1..];
        }
    }

    private static int IndexOf(ImmutableArray<LoggedField> fields, string name)
    {
        for (var i = 0; i < fields.Length; i++)
        {
            if (fields[i].Name == name)
            {
                return i;
            }
        }

        return -1;
    }
}
