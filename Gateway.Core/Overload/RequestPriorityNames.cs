namespace Gateway.Core.Overload;

/// <summary>Priorities as settings and metrics name them.</summary>
public static class RequestPriorityNames
{
    public static string Name(this RequestPriority priority) => priority switch
    {
        RequestPriority.Critical => "critical",
        RequestPriority.Sheddable => "sheddable",
        _ => "default",
    };
}
