namespace Gateway.Node.Settings;

/// <summary>How a line of the access log looks.</summary>
public enum AccessLogFormat
{
    /// <summary>A JSON object.</summary>
    Json,

    /// <summary>The combined log format of web servers.</summary>
    Combined,
}
