namespace Gateway.Node.AccessLogs;

/// <summary>
/// A target of lines. Used by one thread, which may block; throws <see cref="IOException"/> or an error for which <see cref="LogWriter.IsFault"/> is true.
/// </summary>
internal interface ILogTarget : IDisposable
{
    /// <summary>Writes whole lines, and returns when the system has taken them.</summary>
    void Write(ReadOnlySpan<byte> lines);

    /// <summary>Reopens the target, for instance after its file was moved.</summary>
    void Reopen();
}
