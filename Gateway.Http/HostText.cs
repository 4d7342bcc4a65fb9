using System.Buffers;

namespace Gateway.Http;

/// <summary>Validates a Host field or an authority: a host with an optional port (RFC 9110 7.2, RFC 3986 3.2).</summary>
public static class HostText
{
    private static readonly SearchValues<byte> Name = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~%!$&'()*+,;="u8);

    private static readonly SearchValues<byte> Digits = SearchValues.Create("0123456789"u8);

    private static readonly SearchValues<byte> Address = SearchValues.Create("0123456789abcdefABCDEF:.%"u8);

    /// <summary>Whether it is empty, a host, or a host and a port. An IPv6 address must be in brackets.</summary>
    public static bool IsValid(ReadOnlySpan<byte> host)
    {
        if (host.IsEmpty)
        {
            return true;
        }

        int end;
        if (host[0] == '[')
        {
            end = host.IndexOf((byte)']') + 1;
            if (end < 4 || host[1..(end - 1)].ContainsAnyExcept(Address))
            {
                return false;
            }
        }
        else
        {
            end = host.IndexOfAnyExcept(Name);
            if (end < 0)
            {
                return true;
            }
        }

        return end == host.Length || (end > 0 && host[end] == ':' && host[(end + 1)..] is { Length: <= 5 } port && !port.ContainsAnyExcept(Digits));
    }
}
