using System.Net.Sockets;

namespace Gateway.Upstream;

/// <summary>Detects that this process may open no more files or sockets (EMFILE, or ENFILE for the whole machine), a local fault.</summary>
public static class OpenFileLimit
{
    private const int TooManyInSystem = 23; // ENFILE
    private const int TooManyInProcess = 24; // EMFILE

    /// <summary>Whether the limit caused an error.</summary>
    public static bool IsCauseOf(Exception? error) => error switch
    {
        null => false,
        SocketException { SocketErrorCode: SocketError.TooManyOpenSockets } => true,
        IOException { HResult: TooManyInSystem or TooManyInProcess } => true,
        _ => IsCauseOf(error.InnerException),
    };

    /// <summary>Throws if no socket can be created: other errors from this cause are misleading, such as a resolver's report of an unknown name.</summary>
    public static void ThrowIfReached() => new Socket(SocketType.Stream, ProtocolType.Tcp).Dispose();
}
