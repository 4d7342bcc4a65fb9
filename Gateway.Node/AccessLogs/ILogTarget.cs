namespace Gateway.Node.AccessLogs;

/// <summary>Where lines are written to. Used by one thread, which may block; errors are <see cref="IOException"/> or what <see cref="LogWriter.IsFault"/> names.</summary>
internal interface ILogTarget : IDisposable
{
    /// <summary>Writes whole lines, and returns when the system has them.</summary>
    void Write(ReadOnlySpan<byte> lines);

    /// <summary>Goes on with what now lies at the target's place.</summary>
    void Reopen();
}
