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

/// <summary>The names of priorities in settings and metrics.</summary>
public static class RequestPriorityNames
{
    public static string Name(this RequestPriority priority) => priority switch
    {
        RequestPriority.Critical => "critical",
        RequestPriority.Sheddable => "sheddable",
        _ => "default",
    };
}
