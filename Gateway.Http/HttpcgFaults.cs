namespace Gateway.Http;

/// <summary>Messages for faults in an httpcg URL.</summary>
public static class HttpcgFaults
{
    /// <summary>Returns one line that continues "the httpcg URL is not valid:".</summary>
    public static string TextOf(HttpcgFault fault) => fault switch
    {
        HttpcgFault.None => "",
        HttpcgFault.NoScheme => "it does not begin with httpcg://",
        HttpcgFault.NoPlane => "it has no plane",
        HttpcgFault.UnknownPlane => $"its plane must be one of {string.Join(", ", HttpcgPlanes.All.Select(HttpcgPlanes.TextOf))}",
        HttpcgFault.UserInfo => "it must not contain user information",
        HttpcgFault.PlanePort => "its plane must not have a port; the port follows the authority",
        HttpcgFault.NoAuthority => "it has no authority (the first segment after the plane)",
        HttpcgFault.BadAuthority => "its authority must be host or host:port, where host consists of letters, digits and -._, or is an IPv6 address in brackets",
        HttpcgFault.BadPort => "the port of its authority must be a number from 1 to 65535",
        HttpcgFault.BadCharacter => "it contains a space, a control character, a second # or a byte beyond ASCII",
        HttpcgFault.Backslash => "its path contains a backslash, which some servers treat as a slash",
        HttpcgFault.BadEscape => "a percent sign is not followed by two hexadecimal digits",
        HttpcgFault.EncodedNul => "it contains an encoded NUL",
        _ => throw new ArgumentOutOfRangeException(nameof(fault), fault, null),
    };
}
