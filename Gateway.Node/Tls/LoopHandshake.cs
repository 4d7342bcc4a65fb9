using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Gateway.Node.Engine;
using Gateway.Node.Recording;
using Gateway.Node.Settings;
using Gateway.Wire;
using Gateway.Wire.Tls;

namespace Gateway.Node.Tls;

/// <summary>
/// One client's handshake on a loop: from the accepted connection to the served client.
/// <code>
/// greeting (if the listener uses the PROXY protocol) -> shaking hands -> a client of the loop, or over
/// </code>
/// </summary>
internal sealed partial class LoopHandshake : IChannelHandler, ITlsPolicy, IArrival
{
    /// <summary>The most certificates that a client may send: its own, and those up to its authority. Each is processed on the loop.</summary>
    private const int MaxCertificates = 16;

    private readonly LoopTls _tls;
    private readonly ProxyLoop _loop;
    private readonly Handshake _handshake;
    private readonly bool _acceptsHttpcg;
    private IPAddress _peer;
    private int _port;
    private bool _isCounted;
    private bool _isOver;
    private Channel _channel = null!;

    /// <summary>Null before the handshake begins.</summary>
    private TlsChannel? _session;

    /// <param name="address">The peer's sockaddr.</param>
    /// <param name="isCounted">Whether <see cref="ClientAdmission"/> counts it.</param>
    /// <param name="acceptsHttpcg">Whether it arrived at the httpcg listener.</param>
    public LoopHandshake(LoopTls tls, ProxyLoop loop, byte[] address, bool isCounted, bool acceptsHttpcg)
    {
        (_tls, _loop, _isCounted, _acceptsHttpcg) = (tls, loop, isCounted, acceptsHttpcg);
        _handshake = new(tls.Certificates, OffersHttp2);
        (_peer, _port) = (ClientAddress.In(address), ClientAddress.PortIn(address));
    }

    public bool OffersHttp2 => !_acceptsHttpcg;

    public CertificateDemand Demand => _handshake.Trust is not { } trust ? CertificateDemand.None
        : trust.Settings.Mode == ClientCertificateMode.Require ? CertificateDemand.Required
        : CertificateDemand.Accepted;

    public void Begin(Channel channel)
    {
        (_channel, channel.Handler) = (channel, this);
        _loop.Arrive(this);
        try
        {
            Begin();
        }
        catch
        {
            _channel.Reset(); // Nothing else would end it.
            End();
            throw;
        }
    }

    private void Begin()
    {
        _greeting = ProxyGreeting.RuleFor(_loop.Context.State.Configured?.Settings, _peer);
        switch (_greeting)
        {
            case GreetingRule.None:
                StartHandshake([]);
                break;
            case GreetingRule.Refused:
                RefuseGreeting();
                break;
            default:
                SetDeadline(_greeting == GreetingRule.Required ? ProxyGreeting.HeaderTimeout : ProxyGreeting.SilenceTimeout);
                break;
        }
    }

    public void Drain()
    {
        if (_session is { } session ? !session.HasReceived : _greeted is null)
        {
            CutOff();
        }
    }

    public void CutOff()
    {
        if (!_isOver)
        {
            _channel.Reset();
            End();
        }
    }

    TlsContext? ITlsPolicy.Choose(string? serverName) => _handshake.Choose(serverName)?.OnLoops;

    bool ITlsPolicy.Check(IReadOnlyList<byte[]> shown)
    {
        if (shown.Count > MaxCertificates || _handshake.Trust is not { } trust) // A reload during the handshake may have ended the trust.
        {
            return _handshake.RefuseCertificate();
        }

        var used = new List<X509Certificate2>(shown.Count);
        using var chain = new X509Chain { ChainPolicy = trust.NewPolicy() };
        try
        {
            used.AddRange(shown.Select(X509CertificateLoader.LoadCertificate));
            foreach (var between in used.Skip(1))
            {
                chain.ChainPolicy.ExtraStore.Add(between);
            }

            return _handshake.Check(used[0], chain, chain.Build(used[0]) ? SslPolicyErrors.None : SslPolicyErrors.RemoteCertificateChainErrors);
        }
        catch (CryptographicException)
        {
            return _handshake.RefuseCertificate(); // For instance, a key type unknown to .NET.
        }
        finally
        {
            foreach (var element in chain.ChainElements)
            {
                element.Certificate.Dispose();
            }

            used.ForEach(certificate => certificate.Dispose());
        }
    }

    /// <summary>Called when the session is established.</summary>
    void IChannelHandler.OnConnected()
    {
        var session = _session!;
        var version = session.IsTls13 ? SslProtocols.Tls13 : SslProtocols.Tls12;
        _isOver = true;
        session.Deadline = 0; // The client has its own deadlines.
        _loop.Settle(this);
        _loop.Context.Metrics.Tls.Succeeded(version);
        _loop.Context.Metrics.ClientConnected(); // Before the handshake has ended, so that it is always counted.
        var address = new ClientAddress(_peer, "https", session.IsHttp2) { Port = _port, Tls = ClientAddress.TlsNameOf(version), Certificate = _handshake.Client, AcceptsHttpcgTargets = _acceptsHttpcg };
        if (session.IsHttp2)
        {
            DrainIfLate(_loop.AcceptHttp2(session, address, _isCounted).DrainLater);
        }
        else
        {
            var client = _loop.Accept(session, address);
            client.IsCounted = _isCounted;
            DrainIfLate(client.DrainLater);
        }

        _loop.Context.Metrics.Tls.HandshakeEnded();
    }

    void IChannelHandler.OnDrained()
    {
    }

    void IChannelHandler.OnEnd() => EndGreeting(hasEnded: true);

    void IChannelHandler.OnClosed(int error)
    {
        if (_session is null)
        {
            End();
        }
        else
        {
            Fail(_handshake.Refusal ?? EndOf(_session.Failure), _session.FailureText);
        }
    }

    void IChannelHandler.OnDeadline()
    {
        if (_session is null)
        {
            EndGreeting(hasEnded: false);
        }
        else
        {
            _channel.Close();
            Fail(HandshakeEnd.Timeout, "timed out");
        }
    }

    private static HandshakeEnd EndOf(TlsFailure failure) => failure switch
    {
        TlsFailure.Closed => HandshakeEnd.Closed,
        TlsFailure.NoCertificate => HandshakeEnd.NoCertificate,
        _ => HandshakeEnd.Protocol,
    };

    /// <summary>Drains a client that arrived after the others were drained.</summary>
    private void DrainIfLate(Action drain)
    {
        if (_loop.IsDraining)
        {
            drain();
        }
    }

    private void StartHandshake(ReadOnlySpan<byte> received)
    {
        _session = new TlsChannel(_channel, _tls.Origin, this, _loop.Tls) { Handler = this };
        _channel = _session;
        SetDeadline(TlsHandshakes.HandshakeTimeout);
        try
        {
            _session.Begin(received);
        }
        finally
        {
            Forget();
        }
    }

    private void Fail(HandshakeEnd reason, string what)
    {
        HandshakeReport.Failed(_loop.Context.Metrics.Tls, _tls.Log, new IPEndPoint(_peer, _port), reason, what);
        End();
    }

    private void End()
    {
        if (_isOver)
        {
            return;
        }

        _isOver = true;
        _loop.Settle(this);
        Forget();
        _loop.Context.Metrics.Tls.HandshakeEnded();
        if (_isCounted)
        {
            _loop.Context.Admission?.Release(_peer);
        }
    }

    private void SetDeadline(TimeSpan longest) => _channel.Deadline = _loop.Wire.Now + (long)longest.TotalMilliseconds;
}
