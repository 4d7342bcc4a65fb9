namespace Gateway.Node.AccessLogs;

/// <summary>A request field in the access log.</summary>
/// <param name="Name">In lower case.</param>
/// <param name="IsRedacted">Whether only its presence is logged, not its value.</param>
internal readonly record struct LoggedField(string Name, bool IsRedacted)
{
    /// <summary>Replaces a redacted value.</summary>
    public static ReadOnlySpan<byte> Redacted => "[redacted]"u8;
}
