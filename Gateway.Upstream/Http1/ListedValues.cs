using System.Text;

namespace Gateway.Upstream.Http1;

/// <summary>Values that are comma-separated lists, where the codec itself acts on them.</summary>
internal static class ListedValues
{
    private static readonly int LongestTimeout = (int)TimeSpan.FromDays(1).TotalSeconds;

    public static ConnectionOptions OptionsOf(ReadOnlySpan<byte> list)
    {
        var alone = OptionOf(list);
        if (alone != ConnectionOptions.Fields)
        {
            return alone;
        }

        var options = ConnectionOptions.None;
        foreach (var range in list.Split((byte)','))
        {
            options |= OptionOf(Octets.Trim(list[range]));
        }

        return options;
    }

    /// <summary>The <c>timeout</c> among Keep-Alive's parameters; null when there is none that can be read.</summary>
    public static TimeSpan? TimeoutOf(ReadOnlySpan<byte> list)
    {
        foreach (var range in list.Split((byte)','))
        {
            var parameter = Octets.Trim(list[range]);
            var name = "timeout="u8;
            if (parameter.Length > name.Length
                && Ascii.EqualsIgnoreCase(parameter[..name.Length], name)
                && TryReadDigits(parameter[name.Length..], out var seconds))
            {
                return TimeSpan.FromSeconds(Math.Min(seconds, LongestTimeout));
            }
        }

        return null;
    }

    /// <summary>A Content-Length: digits alone, or the same number several times over.</summary>
    /// <param name="digits">How many bytes the first member has; it stands for the whole.</param>
    public static CodecFault LengthOf(ReadOnlySpan<byte> list, out long bytes, out int digits)
    {
        if (TryReadDigits(list, out bytes))
        {
            digits = list.Length;
            return CodecFault.None;
        }

        digits = 0;
        foreach (var range in list.Split((byte)','))
        {
            var member = Octets.Trim(list[range]);
            if (!TryReadDigits(member, out var next))
            {
                return CodecFault.BadContentLength;
            }

            if (digits > 0 && next != bytes)
            {
                return CodecFault.DifferingContentLengths;
            }

            digits = digits > 0 ? digits : member.Length;
            bytes = next;
        }

        return CodecFault.None;
    }

    private static ConnectionOptions OptionOf(ReadOnlySpan<byte> option) =>
        option.IsEmpty ? ConnectionOptions.None
        : Ascii.EqualsIgnoreCase(option, "keep-alive"u8) ? ConnectionOptions.KeepAlive
        : Ascii.EqualsIgnoreCase(option, "close"u8) ? ConnectionOptions.Close
        : Ascii.EqualsIgnoreCase(option, "upgrade"u8) ? ConnectionOptions.Upgrade
        : ConnectionOptions.Fields;

    /// <summary>A number up to 2^63 - 1, written in digits and nothing else.</summary>
    private static bool TryReadDigits(ReadOnlySpan<byte> text, out long number)
    {
        number = 0;
        foreach (var octet in text)
        {
            var digit = octet - '0';
            if (digit is < 0 or > 9 || number > (long.MaxValue - digit) / 10)
            {
                return false;
            }

            number = (10 * number) + digit;
        }

        return text.Length > 0;
    }
}
