using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Gateway.Tests.Wire.Tls;

/// <summary>A client with OpenSSL, over a blocking socket, for what .NET's streams do not support: updating keys, and resuming a particular session.</summary>
internal sealed class NativeClient : IDisposable
{
    private const string Ssl = "libssl.so.3";
    private const int SetHighestVersion = 124; // SSL_CTRL_SET_MAX_PROTO_VERSION
    private const int Interrupted = 4; // EINTR

    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly nint _context;
    private readonly nint _session;

    private NativeClient(IPEndPoint address, int version, nint earlier)
    {
        var limit = (int)RunningLoop.Limit.TotalMilliseconds;
        (_socket.SendTimeout, _socket.ReceiveTimeout) = (limit, limit);
        _socket.Connect(address);
        _context = SSL_CTX_new(TLS_client_method());
        _ = SSL_CTX_ctrl(_context, SetHighestVersion, version, 0);
        _session = SSL_new(_context);
        _ = SSL_set_fd(_session, (int)_socket.SafeHandle.DangerousGetHandle());
        if (earlier != 0)
        {
            _ = SSL_set_session(_session, earlier);
            SSL_SESSION_free(earlier);
        }

        HasConnected = Uninterrupted(() => SSL_connect(_session)) == 1;
    }

    public bool HasConnected { get; }

    /// <param name="version">As on the wire: 0x303, 0x304.</param>
    /// <param name="earlier">From <see cref="TakeSession"/>; consumed. 0: a new session.</param>
    public static Task<NativeClient> ConnectAsync(IPEndPoint address, int version, nint earlier = 0) => Task.Run(() => new NativeClient(address, version, earlier));

    /// <summary>Whether it was sent.</summary>
    public bool Write(byte[] bytes) => Uninterrupted(() => SSL_write(_session, bytes, bytes.Length)) == bytes.Length;

    /// <summary>The number of bytes read; 0 or less: the end, or an error.</summary>
    public int Read(byte[] into) => Uninterrupted(() => SSL_read(_session, into, into.Length));

    /// <summary>Sends a KeyUpdate; returns whether it was sent.</summary>
    public bool UpdateKeys(bool asksForAnswer) => SSL_key_update(_session, asksForAnswer ? 1 : 0) == 1 && Uninterrupted(() => SSL_do_handshake(_session)) == 1;

    /// <summary>The session, for resumption.</summary>
    public nint TakeSession() => SSL_get1_session(_session);

    public void Dispose()
    {
        if (HasConnected)
        {
            _ = SSL_shutdown(_session); // Otherwise its session could not be resumed.
        }

        SSL_free(_session);
        SSL_CTX_free(_context);
        _socket.Dispose();
    }

    /// <summary>Repeats a call that a signal has interrupted: the system does not restart a call on a socket with a timeout (signal(7)), and the runtime uses signals.</summary>
    private static int Uninterrupted(Func<int> call)
    {
        int result;
        do
        {
            result = call();
        }
        while (result < 0 && Marshal.GetLastPInvokeError() == Interrupted);
        return result;
    }

    [DllImport(Ssl)]
    private static extern nint TLS_client_method();

    [DllImport(Ssl)]
    private static extern nint SSL_CTX_new(nint method);

    [DllImport(Ssl)]
    private static extern void SSL_CTX_free(nint context);

    [DllImport(Ssl)]
    private static extern nint SSL_CTX_ctrl(nint context, int command, nint number, nint pointer);

    [DllImport(Ssl)]
    private static extern nint SSL_new(nint context);

    [DllImport(Ssl)]
    private static extern void SSL_free(nint session);

    [DllImport(Ssl)]
    private static extern int SSL_set_fd(nint session, int descriptor);

    [DllImport(Ssl, SetLastError = true)]
    private static extern int SSL_connect(nint session);

    [DllImport(Ssl, SetLastError = true)]
    private static extern int SSL_do_handshake(nint session);

    [DllImport(Ssl)]
    private static extern int SSL_shutdown(nint session);

    [DllImport(Ssl, SetLastError = true)]
    private static extern int SSL_write(nint session, byte[] from, int length);

    [DllImport(Ssl, SetLastError = true)]
    private static extern int SSL_read(nint session, byte[] into, int length);

    [DllImport(Ssl)]
    private static extern int SSL_key_update(nint session, int kind);

    [DllImport(Ssl)]
    private static extern nint SSL_get1_session(nint session);

    [DllImport(Ssl)]
    private static extern int SSL_set_session(nint session, nint earlier);

    [DllImport(Ssl)]
    private static extern void SSL_SESSION_free(nint session);
}
