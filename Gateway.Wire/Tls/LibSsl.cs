using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Gateway.Wire.Tls;

/// <summary>
/// Calls of sessions to OpenSSL 3, with the library that .NET's own TLS uses. Blittable. Those that may take long allow garbage collection; the few that only
/// move pointers avoid that cost.
/// </summary>
internal static unsafe partial class LibSsl
{
    public const int ErrorNone = 0;
    public const int ErrorFatal = 1; // SSL_ERROR_SSL
    public const int ErrorWantRead = 2;
    public const int ErrorWantWrite = 3;
    public const int ErrorEnd = 6; // SSL_ERROR_ZERO_RETURN

    public const int RetryRead = 0x1 | 0x8; // BIO_FLAGS_READ, BIO_FLAGS_SHOULD_RETRY
    public const int RetryWrite = 0x2 | 0x8;
    public const int RetryFlags = 0xF;
    public const int ControlFlush = 11; // BIO_CTRL_FLUSH

    public const int VerifyPeer = 1;
    public const int VerifyPeerRequired = 1 | 2; // SSL_VERIFY_FAIL_IF_NO_PEER_CERT
    public const ulong NoTicket = 1UL << 14;

    public const int SetMessageTarget = 16; // SSL_CTRL_SET_MSG_CALLBACK_ARG
    public const int HandshakeMessage = 22; // SSL3_RT_HANDSHAKE

    public const int ReasonNoCertificate = 199; // SSL_R_PEER_DID_NOT_RETURN_A_CERTIFICATE
    public const int Tls13 = 0x304;

    private const string Ssl = "libssl.so.3";
    private const string Crypto = "libcrypto.so.3";

    [LibraryImport(Ssl, EntryPoint = "SSL_new")]
    public static partial nint New(TlsContext context);

    [LibraryImport(Ssl, EntryPoint = "SSL_free")]
    public static partial void Free(nint session);

    [LibraryImport(Ssl, EntryPoint = "SSL_set_bio")]
    public static partial void SetBio(nint session, nint input, nint output);

    [LibraryImport(Ssl, EntryPoint = "SSL_set_accept_state")]
    public static partial void SetAcceptState(nint session);

    [LibraryImport(Ssl, EntryPoint = "SSL_do_handshake")]
    public static partial int Handshake(nint session);

    [LibraryImport(Ssl, EntryPoint = "SSL_read")]
    public static partial int Read(nint session, byte* to, int length);

    [LibraryImport(Ssl, EntryPoint = "SSL_write")]
    public static partial int Write(nint session, byte* from, int length);

    [LibraryImport(Ssl, EntryPoint = "SSL_shutdown")]
    public static partial int Shutdown(nint session);

    [LibraryImport(Ssl, EntryPoint = "SSL_get_error")]
    public static partial int ErrorOf(nint session, int result);

    [LibraryImport(Ssl, EntryPoint = "SSL_version")]
    public static partial int Version(nint session);

    [LibraryImport(Ssl, EntryPoint = "SSL_session_reused")]
    public static partial int IsResumed(nint session);

    [LibraryImport(Ssl, EntryPoint = "SSL_get0_alpn_selected")]
    public static partial void GetProtocol(nint session, byte** name, uint* length);

    [LibraryImport(Ssl, EntryPoint = "SSL_set_SSL_CTX")]
    public static partial nint SetContext(nint session, TlsContext context);

    [LibraryImport(Ssl, EntryPoint = "SSL_set_verify")]
    public static partial void SetVerify(nint session, int mode, nint callback);

    [LibraryImport(Ssl, EntryPoint = "SSL_set_options")]
    public static partial ulong SetOptions(nint session, ulong options);

    [LibraryImport(Ssl, EntryPoint = "SSL_set_session_id_context")]
    public static partial int SetScope(nint session, byte* scope, uint length);

    [LibraryImport(Ssl, EntryPoint = "SSL_set_msg_callback")]
    public static partial void OnMessage(nint session, delegate* unmanaged[Cdecl]<int, int, int, byte*, nuint, nint, nint, void> callback);

    [LibraryImport(Ssl, EntryPoint = "SSL_ctrl")]
    public static partial nint Control(nint session, int command, nint number, void* pointer);

    [LibraryImport(Ssl, EntryPoint = "SSL_set_num_tickets")]
    public static partial int SetTicketCount(nint session, nuint count);

    [LibraryImport(Ssl, EntryPoint = "SSL_client_hello_get0_ext")]
    public static partial int GetHelloExtension(nint session, uint type, byte** bytes, nuint* length);

    [LibraryImport(Crypto, EntryPoint = "ERR_clear_error")]
    public static partial void ClearErrors();

    [LibraryImport(Crypto, EntryPoint = "ERR_peek_error")]
    public static partial nuint FirstError();

    [LibraryImport(Crypto, EntryPoint = "ERR_reason_error_string")]
    private static partial byte* ReasonOf(nuint error);

    [LibraryImport(Crypto, EntryPoint = "BIO_new")]
    public static partial nint NewBio(nint method);

    [LibraryImport(Crypto, EntryPoint = "BIO_free")]
    public static partial int FreeBio(nint bio);

    [LibraryImport(Crypto, EntryPoint = "BIO_get_data")]
    [SuppressGCTransition]
    public static partial void* BioData(nint bio);

    [LibraryImport(Crypto, EntryPoint = "BIO_set_data")]
    [SuppressGCTransition]
    public static partial void SetBioData(nint bio, void* data);

    [LibraryImport(Crypto, EntryPoint = "BIO_set_flags")]
    [SuppressGCTransition]
    public static partial void SetBioFlags(nint bio, int flags);

    [LibraryImport(Crypto, EntryPoint = "BIO_clear_flags")]
    [SuppressGCTransition]
    public static partial void ClearBioFlags(nint bio, int flags);

    [LibraryImport(Crypto, EntryPoint = "BIO_get_new_index")]
    public static partial int NewBioIndex();

    [LibraryImport(Crypto, EntryPoint = "BIO_meth_new")]
    public static partial nint NewBioMethod(int type, byte* name);

    [LibraryImport(Crypto, EntryPoint = "BIO_meth_set_read")]
    public static partial int SetBioRead(nint method, delegate* unmanaged[Cdecl]<nint, byte*, int, int> read);

    [LibraryImport(Crypto, EntryPoint = "BIO_meth_set_write")]
    public static partial int SetBioWrite(nint method, delegate* unmanaged[Cdecl]<nint, byte*, int, int> write);

    [LibraryImport(Crypto, EntryPoint = "BIO_meth_set_ctrl")]
    public static partial int SetBioControl(nint method, delegate* unmanaged[Cdecl]<nint, int, nint, nint, nint> control);

    [LibraryImport(Crypto, EntryPoint = "OpenSSL_version")]
    private static partial byte* VersionText(int what);

    /// <summary>The number of the last call's first error, within its library.</summary>
    public static int FirstReason => (int)(FirstError() & 0x7FFFFF);

    /// <summary>The last call's first error, in OpenSSL's words; empty: none.</summary>
    public static string FirstReasonText => Text(ReasonOf(FirstError()));

    /// <summary>For instance "OpenSSL 3.0.19 27 Jan 2026".</summary>
    public static string LibraryVersion => Text(VersionText(0));

    /// <summary>Why it cannot be used here; null: it can.</summary>
    public static string? Fault { get; } = Probe();

    private static string Text(byte* text) => Marshal.PtrToStringUTF8((nint)text) ?? "";

    private static string? Probe()
    {
        if (!OperatingSystem.IsLinux() || !Environment.Is64BitProcess)
        {
            return "it requires 64-bit Linux";
        }

        // Not freed: .NET's own TLS uses the same, and so will the sessions.
        var missing = !NativeLibrary.TryLoad(Crypto, out _) ? Crypto : !NativeLibrary.TryLoad(Ssl, out _) ? Ssl : null;
        if (missing is not null)
        {
            return $"{missing} cannot be loaded";
        }

        _ = SHA256.HashData([], stackalloc byte[SHA256.HashSizeInBytes]); // .NET must set OpenSSL up first: it disables the cleanup at exit, when loops may run.
        return null;
    }
}
