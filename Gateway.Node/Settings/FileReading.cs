namespace Gateway.Node.Settings;

/// <summary>Why a file that settings name cannot be read.</summary>
internal static class FileReading
{
    public static bool IsFault(Exception error) =>
        error is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException;

    /// <summary>The rest of a sentence that begins with its path.</summary>
    public static string Reason(Exception error) => error switch
    {
        FileNotFoundException or DirectoryNotFoundException => "does not exist",
        UnauthorizedAccessException => "must not be read by this user, or is a directory",
        _ => "cannot be read: " + error.Message,
    };
}
