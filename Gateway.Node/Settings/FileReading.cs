namespace Gateway.Node.Settings;

/// <summary>Describes why a configured file cannot be read.</summary>
internal static class FileReading
{
    public static bool IsFault(Exception error) =>
        error is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException;

    /// <summary>The rest of a sentence that begins with its path.</summary>
    public static string Reason(Exception error, string path) => error switch
    {
        FileNotFoundException or DirectoryNotFoundException => "does not exist",
        _ when Directory.Exists(path) => "is a directory",
        UnauthorizedAccessException => "cannot be read: permission denied",
        _ => "cannot be read: " + error.Message,
    };
}
