namespace Gateway.Cli;

/// <summary>The exit codes of the process.</summary>
internal static class ExitCode
{
    public const int Done = 0;

    /// <summary>The replica could not carry out the command, or broke off.</summary>
    public const int Failed = 1;

    /// <summary>An unknown command, or an invalid setting of pbm.</summary>
    public const int Usage = 2;

    /// <summary>The replica cannot be reached, or the token is missing or wrong.</summary>
    public const int Unreachable = 3;

    /// <summary>Interrupted by Ctrl-C, as in shells.</summary>
    public const int Interrupted = 130;
}

/// <summary>Ends a command with a one-line message.</summary>
internal sealed class PbmException(int code, string line) : Exception(line)
{
    public int Code { get; } = code;
}
