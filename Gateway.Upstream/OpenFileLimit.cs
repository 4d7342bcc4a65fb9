using System.Net.Sockets;

namespace Gateway.Upstream;

/// <summary>That this process may open no more files or sockets (EMFILE, or ENFILE of the whole machine), which is nobody else's fault.</summary>
public static class OpenFileLimit
{
    private const int TooManyInSystem = 23; // ENFILE
    private const int TooManyInProcess = 24; // EMFILE

    /// <summary>Whether it is what went wrong.</summary>
    public static bool IsCauseOf(Exception? error) => error switch
    {
        null => false,
        SocketException { SocketErrorCode: SocketError.TooManyOpenSockets } => true,
        IOException { HResult: TooManyInSystem or TooManyInProcess } => true,
        _ => IsCauseOf(error.InnerException),
    };

    /// <summary>Throws where no socket can be made: what fails for this says so of nothing else, a resolver for instance that the name is unknown.</summary>
    public static void ThrowIfReached() => new Socket(SocketType.Stream, ProtocolType.Tcp).Dispose();
}
