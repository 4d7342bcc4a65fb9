namespace Gateway.Http;

/// <summary>Messages for faults in an httpcg URL.</summary>
public static class HttpcgFaults
{
    /// <summary>Returns one line that continues "the httpcg URL is not valid:".</summary>
    public static string TextOf(HttpcgFault fault) => fault switch
    {
        HttpcgFault.None => "",
        HttpcgFault.NoScheme => "it does not begin with httpcg://",
        HttpcgFault.NoPlane => "it names no plane",
        HttpcgFault.UnknownPlane => $"its plane is none of {string.Join(", ", HttpcgPlanes.All.Select(HttpcgPlanes.TextOf))}",
        HttpcgFault.UserInfo => "it holds user information, which an httpcg URL does not have",
        HttpcgFault.PlanePort => "its plane has a port, which belongs behind the authority",
        HttpcgFault.NoAuthority => "it has no authority, which is the first segment after the plane",
        HttpcgFault.BadAuthority => "its authority is not host or host:port, the host of letters, digits and -._ or an IPv6 address in brackets",
        HttpcgFault.BadPort => "the port of its authority is not a number from 1 to 65535",
        HttpcgFault.BadCharacter => "it holds a space, a control character, a second # or a byte beyond ASCII",
        HttpcgFault.Backslash => "its path holds a backslash, which some servers take for a slash",
        HttpcgFault.BadEscape => "a percent sign is not followed by two hexadecimal digits",
        HttpcgFault.EncodedNul => "it holds an encoded NUL",
        _ => throw new ArgumentOutOfRangeException(nameof(fault), fault, null),
    };
}
