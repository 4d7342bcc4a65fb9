namespace Gateway.Http;

/// <summary>Reasons why a text is not a valid httpcg URL.</summary>
public enum HttpcgFault
{
    None,

    /// <summary>It does not begin with <c>httpcg://</c>.</summary>
    NoScheme,

    /// <summary>The plane is empty.</summary>
    NoPlane,
    UnknownPlane,

    /// <summary>An <c>@</c> in the plane or the authority.</summary>
    UserInfo,

    /// <summary>A port after the plane, which is not a host.</summary>
    PlanePort,

    /// <summary>The authority is empty.</summary>
    NoAuthority,

    /// <summary>Not a host with an optional port.</summary>
    BadAuthority,

    /// <summary>Not a number from 1 to 65535.</summary>
    BadPort,

    /// <summary>A space, a control character, a non-ASCII byte, or a second <c>#</c>.</summary>
    BadCharacter,

    /// <summary>A backslash in the path.</summary>
    Backslash,

    /// <summary>A percent sign without two hexadecimal digits.</summary>
    BadEscape,

    /// <summary><c>%00</c>.</summary>
    EncodedNul,
}
