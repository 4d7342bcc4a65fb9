using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace Gateway.Node.AccessLogs;

/// <summary>
/// Writes bytes from a client as a JSON string. The result is always one valid string on one line: quotes, backslashes, and control characters (including C1,
/// text direction, and line ends beyond ASCII) are escaped, and a byte that is not valid UTF-8 is written as the character of its value.
/// </summary>
internal static class JsonText
{
    private static readonly SearchValues<byte> Plain = SearchValues.Create(
        " !#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[]^_`abcdefghijklmnopqrstuvwxyz{|}~"u8);

    /// <summary>Writes the text in quotes.</summary>
    public static void Write(LineBuffer to, ReadOnlySpan<byte> text)
    {
        to.Add((byte)'"');
        while (!text.IsEmpty)
        {
            var plain = text.IndexOfAnyExcept(Plain);
            plain = plain < 0 ? text.Length : plain;
            to.Add(text[..plain]);
            text = text[plain..];
            if (!text.IsEmpty)
            {
                text = text[WriteOne(to, text)..];
            }
        }

        to.Add((byte)'"');
    }

    /// <summary>Writes the text in quotes.</summary>
    public static void Write(LineBuffer to, string text)
    {
        Span<byte> bytes = stackalloc byte[256];
        Write(to, Utf8.FromUtf16(text, bytes, out _, out var written) == OperationStatus.Done ? bytes[..written] : Encoding.UTF8.GetBytes(text));
    }

    /// <summary>Writes the first character of a text; returns its length in bytes.</summary>
    private static int WriteOne(LineBuffer to, ReadOnlySpan<byte> text)
    {
        if (Rune.DecodeFromUtf8(text, out var rune, out var length) != OperationStatus.Done)
        {
            WriteEscaped(to, text[0]);
            return 1;
        }

        if (rune.Value is '"' or '\\')
        {
            to.Add((byte)'\\');
            to.Add((byte)rune.Value);
        }
        else if (IsHidden(rune.Value))
        {
            WriteEscaped(to, rune.Value);
        }
        else
        {
            to.Add(text[..length]);
        }

        return length;
    }

    /// <summary>Whether a reader or terminal might not show it as a character of the text.</summary>
    private static bool IsHidden(int rune) =>
        rune is < 0x20 or (>= 0x7f and < 0xa0) or (>= 0x200b and <= 0x200f) or (>= 0x2028 and <= 0x202e) or (>= 0x2060 and <= 0x206f) or 0xfeff;

    private static void WriteEscaped(LineBuffer to, int unit)
    {
        to.Add("\\u"u8);
        for (var shift = 12; shift >= 0; shift -= 4)
        {
            to.Add("0123456789abcdef"u8[(unit >> shift) & 15]);
        }
    }
}
