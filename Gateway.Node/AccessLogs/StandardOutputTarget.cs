namespace Gateway.Node.AccessLogs;

/// <summary>Writes to the process's standard output, unbuffered.</summary>
internal sealed class StandardOutputTarget : ILogTarget
{
    private readonly Stream _output = Console.OpenStandardOutput();

    public void Write(ReadOnlySpan<byte> lines) => _output.Write(lines);

    public void Reopen()
    {
        // Standard output cannot be reopened.
    }

    public void Dispose() => _output.Dispose();
}
