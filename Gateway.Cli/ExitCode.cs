namespace Gateway.Cli;

/// <summary>What the process ends with.</summary>
internal static class ExitCode
{
    public const int Done = 0;

    /// <summary>The replica could not do what was asked, or broke off.</summary>
    public const int Failed = 1;

    /// <summary>What was typed is no command, or a setting of pbm cannot be used.</summary>
    public const int Usage = 2;

    /// <summary>The replica cannot be reached, or the token is missing or wrong.</summary>
    public const int Unreachable = 3;

    /// <summary>Ended by Ctrl-C, as shells say it.</summary>
    public const int Interrupted = 130;
}

/// <summary>Ends a command with one line for people.</summary>
internal sealed class PbmException(int code, string line) : Exception(line)
{
    public int Code { get; } = code;
}
