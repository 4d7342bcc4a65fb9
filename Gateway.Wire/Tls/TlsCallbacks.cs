using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace Gateway.Wire.Tls;

/// <summary>OpenSSL's callbacks during a handshake, always that of the calling thread's current session. Nothing is thrown into native code.</summary>
internal static unsafe class TlsCallbacks
{
    private const int Success = 1;
    private const int Refused = 0; // SSL_CLIENT_HELLO_ERROR
    private const int UnrecognizedName = 112; // SSL_AD_UNRECOGNIZED_NAME
    private const int InternalError = 80; // SSL_AD_INTERNAL_ERROR
    private const int ProtocolTaken = 0; // SSL_TLSEXT_ERR_OK
    private const int ProtocolRefused = 2; // SSL_TLSEXT_ERR_ALERT_FATAL
    private const int NoIssuer = 20; // X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY

    private static readonly byte* Http2 = Keep("h2"u8);
    private static readonly byte* Http11 = Keep("http/1.1"u8);

    /// <summary>The policy of the current handshake.</summary>
    [ThreadStatic]
    private static ITlsPolicy? _policy;

    /// <summary>The exception thrown by the policy.</summary>
    [ThreadStatic]
    private static Exception? _fault;

    /// <summary>Sets the policy of the current handshake, on this thread, until <see cref="Leave"/>.</summary>
    public static void Enter(ITlsPolicy? policy) => (_policy, _fault) = (policy, null);

    /// <summary>Called after the call to OpenSSL. Returns the policy's exception, for the caller to rethrow; null: none.</summary>
    public static Exception? Leave()
    {
        var fault = _fault;
        (_policy, _fault) = (null, null);
        return fault;
    }

    /// <summary>Registers the callbacks of a context.</summary>
    public static void Attach(nint context)
    {
        LibSsl.OnHello(context, &OnHello, 0);
        LibSsl.OnProtocols(context, &OnProtocols, 0);
        LibSsl.OnCertificate(context, &OnCertificate, 0);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int OnHello(nint session, int* alert, nint argument)
    {
        try
        {
            var policy = _policy!;
            byte* bytes;
            nuint length;
            var name = LibSsl.GetHelloExtension(session, 0, &bytes, &length) == 1 ? NameIn(new(bytes, (int)length)) : null;
            if (policy.Choose(name) is not { } context)
            {
                *alert = UnrecognizedName;
                return Refused;
            }

            var demand = policy.Demand;
            if (!context.TryServe(session, demand))
            {
                *alert = InternalError;
                return Refused;
            }

            if (demand != CertificateDemand.None)
            {
                LibSsl.SetVerify(session, demand == CertificateDemand.Required ? LibSsl.VerifyPeerRequired : LibSsl.VerifyPeer, 0);
                _ = LibSsl.SetOptions(session, LibSsl.NoTicket); // A resumed session would not be checked against the current authorities.
                _ = LibSsl.SetTicketCount(session, 0);
            }

            return Success;
        }
#pragma warning disable CA1031 // Any exception: it must not reach native code, and ends this handshake.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            _fault = fault;
            *alert = InternalError;
            return Refused;
        }
        finally
        {
            LibSsl.ClearErrors(); // Errors left in the queue by .NET must not count for the handshake.
        }
    }

    /// <summary>The host name in the extension server_name (RFC 6066 3); null: none that can be a host's.</summary>
    internal static string? NameIn(ReadOnlySpan<byte> extension)
    {
        // A list with two bytes of length, each entry a type (0: host_name), two bytes of length, and the name.
        if (extension.Length < 5 || extension[2] != 0)
        {
            return null;
        }

        var length = (extension[3] << 8) | extension[4];
        var name = extension[5..];
        return length == 0 || length > name.Length || name[..length].ContainsAnyExceptInRange((byte)0x21, (byte)0x7E) ? null : Encoding.ASCII.GetString(name[..length]);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int OnProtocols(nint session, byte** chosen, byte* chosenLength, byte* offered, uint length, nint argument)
    {
        try
        {
            var list = new ReadOnlySpan<byte>(offered, (int)length);
            if (_policy is { OffersHttp2: true } && Offers(list, "h2"u8))
            {
                *chosen = Http2;
                *chosenLength = 2;
                return ProtocolTaken;
            }

            if (Offers(list, "http/1.1"u8))
            {
                *chosen = Http11;
                *chosenLength = 8;
                return ProtocolTaken;
            }
        }
#pragma warning disable CA1031 // As above.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            _fault = fault;
        }

        return ProtocolRefused;
    }

    private static bool Offers(ReadOnlySpan<byte> list, ReadOnlySpan<byte> protocol)
    {
        while (!list.IsEmpty && list[0] < list.Length)
        {
            var next = 1 + list[0];
            if (list[1..next].SequenceEqual(protocol))
            {
                return true;
            }

            list = list[next..];
        }

        return false;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int OnCertificate(nint check, nint argument)
    {
        var isTaken = false;
        try
        {
            List<byte[]> shown = [BytesOf(LibSsl.ShownCertificate(check))];
            var sent = LibSsl.ShownChain(check);
            for (var i = 1; i < LibSsl.Count(sent); i++)
            {
                shown.Add(BytesOf(LibSsl.Item(sent, i)));
            }

            isTaken = _policy!.Check(shown);
        }
#pragma warning disable CA1031 // Any exception: it must not reach native code, and the certificate is rejected.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            _fault = fault;
        }

        LibSsl.ClearErrors(); // Errors left in the queue by .NET must not count for the handshake.
        if (!isTaken)
        {
            LibSsl.SetCheckError(check, NoIssuer);
        }

        return isTaken ? Success : 0;
    }

    /// <summary>
    /// Counts the handshake messages that an established session receives: KeyUpdates and renegotiation attempts; at the limit, OpenSSL gets no more input.
    /// Each costs OpenSSL the derivation of keys, and the peer next to nothing.
    /// </summary>
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void OnMessage(int isWritten, int version, int type, byte* bytes, nuint length, nint session, nint ends)
    {
        if (type == LibSsl.HandshakeMessage && isWritten == 0)
        {
            ((TlsBuffers.Ends*)ends)->CountMessage();
        }
    }

    /// <summary>Counts the handshake messages from now on.</summary>
    public static void CountMessages(nint session, TlsBuffers.Ends* ends)
    {
        LibSsl.OnMessage(session, &OnMessage);
        _ = LibSsl.Control(session, LibSsl.SetMessageTarget, 0, ends);
    }

    private static byte[] BytesOf(nint certificate)
    {
        var bytes = new byte[Math.Max(LibSsl.WriteCertificate(certificate, null), 0)];
        fixed (byte* at = bytes)
        {
            var to = at;
            _ = LibSsl.WriteCertificate(certificate, &to);
        }

        return bytes;
    }

    /// <summary>Allocates for the lifetime of the process.</summary>
    private static byte* Keep(ReadOnlySpan<byte> text)
    {
        var kept = (byte*)NativeMemory.Alloc((nuint)text.Length);
        text.CopyTo(new(kept, text.Length));
        return kept;
    }
}
