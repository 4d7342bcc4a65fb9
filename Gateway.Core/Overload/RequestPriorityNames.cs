namespace Gateway.Core.Overload;

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
