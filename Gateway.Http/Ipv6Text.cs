namespace Gateway.Http;

/// <summary>Validates the text of an IPv6 address (RFC 4291 2.2), without brackets and zone.</summary>
public static class Ipv6Text
{
    private const int Groups = 8;
    private const int MaxDigits = 4;

    /// <summary>The number of groups an IPv4 address at the end takes.</summary>
    private const int GroupsOfIpv4 = 2;

    public static bool IsValid(ReadOnlySpan<byte> text)
    {
        var gap = text.IndexOf("::"u8);
        if (gap < 0)
        {
            return TryCount(text, isEnd: true, out var all) && all == Groups;
        }

        return TryCount(text[..gap], isEnd: false, out var before) && TryCount(text[(gap + 2)..], isEnd: true, out var after) && before + after < Groups;
    }

    /// <summary>Counts the groups on one side of the gap, which may be empty.</summary>
    /// <param name="isEnd">Whether it may end with an IPv4 address.</param>
    private static bool TryCount(ReadOnlySpan<byte> text, bool isEnd, out int count)
    {
        count = 0;
        if (text.IsEmpty)
        {
            return true;
        }

        foreach (var range in text.Split((byte)':'))
        {
            var group = text[range];
            if (isEnd && range.End.GetOffset(text.Length) == text.Length && IsIpv4(group))
            {
                count += GroupsOfIpv4;
            }
            else if (group.Length is > 0 and <= MaxDigits && IsHex(group))
            {
                count++;
            }
            else
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsHex(ReadOnlySpan<byte> group)
    {
        foreach (var digit in group)
        {
            if (!char.IsAsciiHexDigit((char)digit))
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsIpv4(ReadOnlySpan<byte> text)
    {
        var numbers = 0;
        foreach (var range in text.Split((byte)'.'))
        {
            var number = text[range];
            if (number.Length is 0 or > 3 || (number.Length > 1 && number[0] == '0') || Octets.Number(number) is < 0 or > byte.MaxValue)
            {
                return false;
            }

            numbers++;
        }

        return numbers == 4;
    }
}
