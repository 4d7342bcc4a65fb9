using System.Text;
using Gateway.Http;

namespace Gateway.Node.Routing;

/// <summary>Reads cookies from a Cookie field: <c>a=1; b=2</c> (RFC 6265 5.4).</summary>
internal static class CookieText
{
    /// <summary>Finds a cookie in all Cookie fields of a request; an HTTP/2 client may send several.</summary>
    public static bool TryFind(FieldSection fields, ReadOnlySpan<byte> head, ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        value = [];
        foreach (ref readonly var field in fields.All)
        {
            if (field.NameLength == 6 && Ascii.EqualsIgnoreCase(field.NameIn(head), "cookie"u8) && TryFind(field.ValueIn(head), name, out value))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Finds the first cookie of this name (case-sensitive); its value is returned as written.</summary>
    public static bool TryFind(ReadOnlySpan<byte> cookies, ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        while (!cookies.IsEmpty)
        {
            var end = cookies.IndexOf((byte)';');
            var cookie = (end < 0 ? cookies : cookies[..end]).Trim(" \t"u8);
            cookies = end < 0 ? [] : cookies[(end + 1)..];
            if (cookie.Length > name.Length && cookie[name.Length] == '=' && cookie.StartsWith(name))
            {
                value = cookie[(name.Length + 1)..];
                return true;
            }
        }

        value = [];
        return false;
    }
}
