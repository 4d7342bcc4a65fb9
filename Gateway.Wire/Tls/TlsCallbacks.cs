using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace Gateway.Wire.Tls;

/// <summary>What OpenSSL calls back for during a handshake, which is that of the calling thread's current session. Nothing is thrown into native code.</summary>
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

    /// <summary>Whose handshake goes on.</summary>
    [ThreadStatic]
    private static ITlsPolicy? _policy;

    /// <summary>Sets whose handshake goes on, on this thread; null: nobody's.</summary>
    public static void Enter(ITlsPolicy? policy) => _policy = policy;

    /// <summary>Has a context call back.</summary>
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

            _ = LibSsl.SetContext(session, context); // The session takes a reference of its own.
            if (policy.Demand is var demand && demand != CertificateDemand.None)
            {
                LibSsl.SetVerify(session, demand == CertificateDemand.Required ? LibSsl.VerifyPeerRequired : LibSsl.VerifyPeer, 0);
                _ = LibSsl.SetOptions(session, LibSsl.NoTicket); // A session that is resumed would not be held against the authorities of now.
                _ = LibSsl.SetTicketCount(session, 0);
            }

            return Success;
        }
#pragma warning disable CA1031 // Whatever it is: it must not reach native code, and ends this handshake.
        catch (Exception)
#pragma warning restore CA1031
        {
            *alert = InternalError;
            return Refused;
        }
    }

    /// <summary>The host name of the extension server_name (RFC 6066 3); null: there is none that could be a host's.</summary>
    internal static string? NameIn(ReadOnlySpan<byte> extension)
    {
        // A list in two bytes of length, each entry a type (0: host_name), two bytes of length, and the name.
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
        try
        {
            List<byte[]> shown = [BytesOf(LibSsl.ShownCertificate(check))];
            var sent = LibSsl.ShownChain(check);
            for (var i = 1; i < LibSsl.Count(sent); i++)
            {
                shown.Add(BytesOf(LibSsl.Item(sent, i)));
            }

            if (_policy!.Check(shown))
            {
                return Success;
            }
        }
#pragma warning disable CA1031 // Whatever it is: it must not reach native code, and the certificate is not taken.
        catch (Exception)
#pragma warning restore CA1031
        {
        }

        LibSsl.SetCheckError(check, NoIssuer);
        return 0;
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

    /// <summary>For as long as the process runs.</summary>
    private static byte* Keep(ReadOnlySpan<byte> text)
    {
        var kept = (byte*)NativeMemory.Alloc((nuint)text.Length);
        text.CopyTo(new(kept, text.Length));
        return kept;
    }
}
