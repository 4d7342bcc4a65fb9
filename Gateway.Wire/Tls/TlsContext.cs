using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Gateway.Wire.Tls;

/// <summary>
/// OpenSSL's SSL_CTX. Each session holds a reference of its own: disposed here, it lives until the last of its sessions has ended. Created off the loops; used
/// by all.
/// </summary>
public sealed unsafe class TlsContext : SafeHandle
{
    private const int LowestVersion = 0x303; // TLS 1.2

    private static readonly Lazy<string?> Unusable = new(() => LibSsl.Fault ?? FaultOfFirst());

    private static int _alive;

    /// <summary>The digest of the certificate.</summary>
    private readonly byte[] _scope = new byte[SHA256.HashSizeInBytes];

    /// <summary>Creates a context with which sessions begin, before the server's name is known. Their tickets use its keys.</summary>
    public TlsContext()
        : base(0, ownsHandle: true)
    {
        LibSsl.ClearErrors();
        SetHandle(LibSsl.NewContext(LibSsl.ServerMethod()));
        if (IsInvalid)
        {
            throw Failed("cannot create a TLS context");
        }

        Interlocked.Increment(ref _alive);
        TlsCallbacks.Attach(handle);
        Demand(LibSsl.SetSuites(handle, LibSsl.Suites) == 1, "cannot set the cipher suites");
        var lowest = LibSsl.Control(handle, LibSsl.GetLowestVersion, 0, 0);
        _ = LibSsl.Control(handle, LibSsl.SetLowestVersion, Math.Max(lowest, LowestVersion), 0);
        _ = LibSsl.Control(handle, LibSsl.SetMode, LibSsl.ReleaseBuffers, 0);
        _ = LibSsl.Control(handle, LibSsl.SetCacheMode, 0, 0); // Sessions are resumed by tickets.
        _ = LibSsl.SetContextOptions(handle, LibSsl.ServerOptions);
    }

    public override bool IsInvalid => handle == 0;

    /// <summary>Why no context can be created here; null: one can.</summary>
    public static string? Fault => Unusable.Value;

    /// <summary>The library, for instance "OpenSSL 3.0.19 27 Jan 2026". Valid only without a <see cref="Fault"/>.</summary>
    public static string LibraryVersion => LibSsl.LibraryVersion;

    /// <summary>The contexts not freed yet, in this process.</summary>
    internal static int Alive => Volatile.Read(ref _alive);

    /// <summary>Creates a context that serves a certificate.</summary>
    /// <param name="certificate">In DER.</param>
    /// <param name="chain">The certificates between it and its authority, in DER.</param>
    /// <param name="key">In PKCS #8. Not kept: the caller clears it.</param>
    /// <exception cref="TlsException">OpenSSL cannot use it, or the system's configuration forbids it.</exception>
    public static TlsContext Create(ReadOnlySpan<byte> certificate, IEnumerable<byte[]> chain, ReadOnlySpan<byte> key)
    {
        var context = new TlsContext();
        try
        {
            context.Use(certificate, chain, key);
            return context;
        }
        catch
        {
            context.Dispose();
            throw;
        }
    }

    /// <summary>Sets the context of a session, which can be resumed only with the same certificate and demand.</summary>
    internal bool TryServe(nint session, CertificateDemand demand)
    {
        if (LibSsl.SetContext(session, this) == 0) // On success the session has its own reference.
        {
            return false;
        }

        Span<byte> scope = stackalloc byte[SHA256.HashSizeInBytes];
        _scope.CopyTo(scope);
        scope[^1] = (byte)demand;
        fixed (byte* at = scope)
        {
            return LibSsl.SetScope(session, at, (uint)scope.Length) == 1;
        }
    }

    protected override bool ReleaseHandle()
    {
        LibSsl.FreeContext(handle);
        Interlocked.Decrement(ref _alive);
        return true;
    }

    private void Use(ReadOnlySpan<byte> certificate, IEnumerable<byte[]> chain, ReadOnlySpan<byte> key)
    {
        var leaf = Read(certificate);
        var used = LibSsl.UseCertificate(handle, leaf);
        LibSsl.FreeCertificate(leaf);
        Demand(used == 1, "cannot use the certificate");
        foreach (var bytes in chain)
        {
            var next = Read(bytes);
            var added = LibSsl.Control(handle, LibSsl.AddChainCertificate, 1, next); // It takes its own reference.
            LibSsl.FreeCertificate(next);
            Demand(added == 1, "cannot use a certificate of the chain");
        }

        fixed (byte* at = key)
        {
            var from = at;
            var read = LibSsl.ReadKey(0, &from, key.Length);
            Demand(read != 0, "cannot read the key");
            used = LibSsl.UseKey(handle, read);
            LibSsl.FreeKey(read);
            Demand(used == 1 && LibSsl.CheckKey(handle) == 1, "cannot use the key");
        }

        SHA256.HashData(certificate, _scope);
    }

    /// <summary>
    /// Why no context can be created although the library is present, for instance a system configuration that allows none of the cipher suites.
    /// </summary>
    private static string? FaultOfFirst()
    {
        try
        {
            new TlsContext().Dispose();
            return null;
        }
        catch (TlsException error)
        {
            return error.Message;
        }
    }

    private static nint Read(ReadOnlySpan<byte> certificate)
    {
        fixed (byte* at = certificate)
        {
            var from = at;
            var read = LibSsl.ReadCertificate(0, &from, certificate.Length);
            Demand(read != 0, "cannot read a certificate");
            return read;
        }
    }

    private static void Demand(bool isSo, string otherwise)
    {
        if (!isSo)
        {
            throw Failed(otherwise);
        }
    }

    private static TlsException Failed(string what)
    {
        var reason = LibSsl.FirstReasonText;
        LibSsl.ClearErrors();
        return new(reason.Length == 0 ? what : $"{what}: {reason}");
    }
}
