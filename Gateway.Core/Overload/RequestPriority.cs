namespace Gateway.Core.Overload;

/// <summary>Which requests are refused first when there are too many.</summary>
public enum RequestPriority
{
    /// <summary>What no setting says otherwise of.</summary>
    Default,

    /// <summary>Refused last.</summary>
    Critical,

    /// <summary>Refused first.</summary>
    Sheddable,
}
