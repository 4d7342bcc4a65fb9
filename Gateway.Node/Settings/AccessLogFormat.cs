namespace Gateway.Node.Settings;

/// <summary>The format of the access log's lines.</summary>
public enum AccessLogFormat
{
    /// <summary>A JSON object.</summary>
    Json,

    /// <summary>The combined log format of web servers.</summary>
    Combined,
}
