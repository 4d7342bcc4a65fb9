namespace Gateway.Http;

/// <summary>Why bytes are not an httpcg URL.</summary>
public enum HttpcgFault
{
    None,

    /// <summary>It does not begin with <c>httpcg://</c>.</summary>
    NoScheme,

    /// <summary>Nothing stands where the plane belongs.</summary>
    NoPlane,
    UnknownPlane,

    /// <summary>An <c>@</c> in the plane or the authority.</summary>
    UserInfo,

    /// <summary>A port behind the plane, which is no host.</summary>
    PlanePort,

    /// <summary>Nothing stands where the authority belongs.</summary>
    NoAuthority,

    /// <summary>Not a host, or a host and a port.</summary>
    BadAuthority,

    /// <summary>Not a number from 1 to 65535.</summary>
    BadPort,

    /// <summary>A space, a control character, a byte beyond ASCII, a second <c>#</c>.</summary>
    BadCharacter,

    /// <summary>A backslash in the path.</summary>
    Backslash,

    /// <summary>A percent sign without two hexadecimal digits.</summary>
    BadEscape,

    /// <summary><c>%00</c>.</summary>
    EncodedNul,
}
