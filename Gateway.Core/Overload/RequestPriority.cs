namespace Gateway.Core.Overload;

/// <summary>
/// The priority of a request, which decides the order of refusal under
/// overload.
/// </summary>
public enum RequestPriority
{
    /// <summary>Without a setting.</summary>
    Default,

    /// <summary>Refused last.</summary>
    Critical,

    /// <summary>Refused first.</summary>
    Sheddable,
}
