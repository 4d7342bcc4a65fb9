namespace Gateway.Cli;

/// <summary>Finds the token for a replica. It is never on the command line, where everyone on the host could read it.</summary>
internal static class Token
{
    private static readonly string[] FileVariables = ["PBM_TOKEN_FILE", "GATEWAY_ADMIN_TOKEN_FILE"];

    /// <summary>The token; null: none is set. Throws <see cref="PbmException"/> for a file that cannot be read.</summary>
    /// <param name="file">The file on the command line.</param>
    public static string? Find(string? file, Func<string, string?> environment)
    {
        if (file is not null)
        {
            return Read(file);
        }

        if (environment(FileVariables[0]) is { Length: > 0 } first)
        {
            return Read(first);
        }

        if (environment("PBM_TOKEN") is { Length: > 0 } token)
        {
            return token.Trim();
        }

        return environment(FileVariables[1]) is { Length: > 0 } last ? Read(last) : null;
    }

    private static string Reason(Exception error, string path) => error switch
    {
        FileNotFoundException or DirectoryNotFoundException => "does not exist",
        _ when Directory.Exists(path) => "is a directory",
        UnauthorizedAccessException => "cannot be read: permission denied",
        _ => "cannot be read: " + error.Message,
    };

    private static string Read(string path)
    {
        try
        {
            return File.ReadAllText(path).Trim();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new PbmException(ExitCode.Usage, $"the token file '{path}' {Reason(error, path)}");
        }
    }
}
