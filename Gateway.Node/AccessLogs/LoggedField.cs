namespace Gateway.Node.AccessLogs;

/// <summary>A request field that the access log tells.</summary>
/// <param name="Name">In lower case.</param>
/// <param name="IsRedacted">Whether it is told that the field was there, and not what it said.</param>
internal readonly record struct LoggedField(string Name, bool IsRedacted)
{
    /// <summary>Stands for a value that is not told.</summary>
    public static ReadOnlySpan<byte> Redacted => "[redacted]"u8;
}
