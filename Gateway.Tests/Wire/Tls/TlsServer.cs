using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Gateway.Tests.EndToEnd.Backends;
using Gateway.Wire;
using Gateway.Wire.Tls;

namespace Gateway.Tests.Wire.Tls;

/// <summary>TLS sessions on a test's loop, each with a recorder, or the test's own handler. None may be left at its end.</summary>
internal sealed class TlsServer : ITlsPolicy, IAsyncDisposable
{
    private readonly RunningLoop _loop;
    private TlsContext _origin = new();
    private readonly TlsBuffers _buffers = new();
    private readonly Certificates _certificates = new();
    private readonly Dictionary<string, TlsContext> _contexts = [];
    private readonly ConcurrentQueue<Recorder> _accepted = new();
    private readonly SemaphoreSlim _arrived = new(0);
    private readonly List<TlsChannel> _sessions = [];
    private IPEndPoint? _address;

    public TlsServer(Carrier carrier = Carrier.Epoll, TimeProvider? time = null)
    {
        _loop = new(carrier, time: time);
        foreach (var name in new[] { "shop.example", "other.example" })
        {
            using var certificate = _certificates.For(name);
            using var key = certificate.GetECDsaPrivateKey()!;
            _contexts.Add(name, TlsContext.Create(certificate.RawData, [], key.ExportPkcs8PrivateKey()));
        }
    }

    public RunningLoop Running => _loop;

    public Certificates Certificates => _certificates;

    /// <summary>Further actions of a session's recorder.</summary>
    public Action<Recorder>? Prepare { get; init; }

    /// <summary>Creates the handler instead of a recorder.</summary>
    public Func<TlsChannel, IChannelHandler>? HandlerOf { get; init; }

    public bool OffersHttp2 { get; init; } = true;

    public CertificateDemand Demand { get; set; }

    /// <summary>The verdict on a client's certificates.</summary>
    public Func<IReadOnlyList<byte[]>, bool> Checks { get; init; } = _ => true;

    /// <summary>Thrown when a certificate is to be chosen.</summary>
    public Exception? Throws { get; init; }

    public IPEndPoint Address => _address!;

    public async Task<TlsServer> StartAsync()
    {
        _address = await _loop.Listen(channel =>
        {
            var session = new TlsChannel(channel, _origin, this, _buffers);
            _sessions.Add(session);
            if (HandlerOf is not null)
            {
                session.Handler = HandlerOf(session);
                return session;
            }

            var recorder = new Recorder { Channel = session };
            session.Handler = recorder;
            Prepare?.Invoke(recorder);
            _accepted.Enqueue(recorder);
            _arrived.Release();
            return session;
        });
        return this;
    }

    /// <summary>Sessions begin with other keys of tickets from now on.</summary>
    public Task RenewKeysAsync() => _loop.Do(() =>
    {
        _origin.Dispose(); // Sessions that began with it have references of their own.
        _origin = new();
    });

    /// <summary>The next session that has begun.</summary>
    public async Task<Recorder> NextAsync()
    {
        Assert.True(await _arrived.WaitAsync(RunningLoop.Limit));
        return _accepted.TryDequeue(out var next) ? next : throw new InvalidOperationException("none");
    }

    /// <summary>Opens a client's session, optionally over a stream of the test's on top of the socket.</summary>
    public async Task<SslStream> ConnectAsync(Action<SslClientAuthenticationOptions>? with = null, Func<Stream, Stream>? over = null)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(Address);
        Stream beneath = new NetworkStream(socket, ownsSocket: true);
        var stream = new SslStream(over?.Invoke(beneath) ?? beneath);
        var options = new SslClientAuthenticationOptions
        {
            TargetHost = "shop.example",
            EnabledSslProtocols = SslProtocols.Tls13,
            AllowTlsResume = false,
            CertificateChainPolicy = new() { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck, CustomTrustStore = { _certificates.Authority } },
        };
        with?.Invoke(options);
        try
        {
            await stream.AuthenticateAsClientAsync(options).WaitAsync(RunningLoop.Limit);
            return stream;
        }
        catch
        {
            await stream.DisposeAsync();
            throw;
        }
    }

    /// <summary>Waits until no session is left.</summary>
    public async Task NoneIsLeftAsync()
    {
        using var limit = new CancellationTokenSource(RunningLoop.Limit);
        while (await _loop.Do(() => _buffers.Sessions) > 0)
        {
            limit.Token.ThrowIfCancellationRequested();
        }
    }

    TlsContext? ITlsPolicy.Choose(string? serverName) =>
        Throws is not null ? throw Throws : serverName is null ? _contexts["shop.example"] : _contexts.GetValueOrDefault(serverName);

    bool ITlsPolicy.Check(IReadOnlyList<byte[]> shown)
    {
        // Errors left in OpenSSL's queue by .NET must not end the handshake.
        Assert.ThrowsAny<CryptographicException>(() => X509CertificateLoader.LoadCertificate([0x30, 0x03, 0x02, 0x01, 0x01]));
        return Checks(shown);
    }

    public async ValueTask DisposeAsync()
    {
        await _loop.Do(() => _sessions.ForEach(session => session.Close()));
        await NoneIsLeftAsync();
        await _loop.DisposeAsync();
        foreach (var context in _contexts.Values)
        {
            context.Dispose();
        }

        _origin.Dispose();
        _certificates.Dispose();
        _arrived.Dispose();
    }
}
