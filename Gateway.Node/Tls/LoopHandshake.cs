using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Gateway.Http;
using Gateway.Node.Engine;
using Gateway.Node.Settings;
using Gateway.Wire;
using Gateway.Wire.Tls;

namespace Gateway.Node.Tls;

/// <summary>
/// One client's handshake on a loop: from the accepted connection to the client that is served.
/// <code>
/// greeting (where the listener takes the PROXY protocol) -> shaking hands -> a client of the loop, or over
/// </code>
/// </summary>
internal sealed class LoopHandshake : IChannelHandler, ITlsPolicy, IArrival
{
    private readonly LoopTls _tls;
    private readonly ProxyLoop _loop;
    private readonly Handshake _handshake;
    private readonly bool _takesHttpcg;
    private IPAddress _peer;
    private bool _isCounted;
    private bool _isOver;
    private GreetingRule _greeting;
    private Block? _greeted;
    private Channel _channel = null!;

    /// <summary>Null: it has not begun.</summary>
    private TlsChannel? _session;

    /// <param name="address">The peer's as the system has it.</param>
    /// <param name="isCounted">Whether the door is to be told when it leaves.</param>
    /// <param name="takesHttpcg">Whether it came to the listener for httpcg URLs.</param>
    public LoopHandshake(LoopTls tls, ProxyLoop loop, byte[] address, bool isCounted, bool takesHttpcg)
    {
        (_tls, _loop, _isCounted, _takesHttpcg) = (tls, loop, isCounted, takesHttpcg);
        _handshake = new(tls.Certificates, OffersHttp2);
        _peer = ClientAddress.In(address);
    }

    public bool OffersHttp2 => !_takesHttpcg;

    public CertificateDemand Demand => _handshake.Trust is not { } trust ? CertificateDemand.None
        : trust.Settings.Mode == ClientCertificateMode.Require ? CertificateDemand.Required
        : CertificateDemand.Accepted;

    public void Begin(Channel channel)
    {
        (_channel, channel.Handler) = (channel, this);
        _loop.Arrive(this);
        _greeting = ProxyGreeting.RuleFor(_loop.Context.State.Configured?.Settings, _peer);
        switch (_greeting)
        {
            case GreetingRule.None:
                ShakeHands([]);
                break;
            case GreetingRule.Refused:
                RefuseGreeting();
                break;
            default:
                SetDeadline(_greeting == GreetingRule.Required ? ProxyGreeting.Longest : ProxyGreeting.LongestSilence);
                break;
        }
    }

    /// <summary>Ends at once.</summary>
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
        using var chain = new X509Chain { ChainPolicy = _handshake.Trust!.NewPolicy() };
        using var certificate = X509CertificateLoader.LoadCertificate(shown[0]);
        foreach (var bytes in shown.Skip(1))
        {
            chain.ChainPolicy.ExtraStore.Add(X509CertificateLoader.LoadCertificate(bytes));
        }

        return _handshake.Check(certificate, chain, chain.Build(certificate) ? SslPolicyErrors.None : SslPolicyErrors.RemoteCertificateChainErrors);
    }

    /// <summary>There is a session.</summary>
    void IChannelHandler.OnConnected()
    {
        var session = _session!;
        var version = session.IsTls13 ? SslProtocols.Tls13 : SslProtocols.Tls12;
        _isOver = true;
        session.Deadline = 0; // Whoever takes it has deadlines of its own.
        _loop.Settle(this);
        _loop.Context.Metrics.Tls.Succeeded(version);
        _loop.Context.Metrics.ClientConnected(); // Before the handshake has ended: it is counted at every moment.
        var address = new ClientAddress(_peer, "https", session.IsHttp2) { Tls = ClientAddress.TlsNameOf(version), Certificate = _handshake.Client, TakesHttpcgTargets = _takesHttpcg };
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

    /// <summary>Of a greeting: of a session, its channel takes what comes.</summary>
    void IChannelHandler.OnReceived(ReadOnlySpan<byte> bytes)
    {
        _greeted = _loop.Wire.Blocks.Append(_greeted, bytes);
        var header = ProxyGreeting.Read(_greeted.Used, _greeting, out var source);
        switch (header.State)
        {
            case ProxyHeaderState.Incomplete when _greeted.Length == bytes.Length && _greeting == GreetingRule.Possible:
                SetDeadline(ProxyGreeting.Longest); // From its first byte on.
                break;
            case ProxyHeaderState.Incomplete:
                break;
            case ProxyHeaderState.Faulty:
                RefuseGreeting();
                break;
            default:
                if (source is null || LetIn(source.Address))
                {
                    ShakeHands(_greeted.Used[header.Length..]);
                }

                break;
        }
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
            Fail(HandshakeEnd.Timeout, "it took too long");
        }
    }

    private static HandshakeEnd EndOf(TlsFailure failure) => failure switch
    {
        TlsFailure.Closed => HandshakeEnd.Closed,
        TlsFailure.NoCertificate => HandshakeEnd.NoCertificate,
        _ => HandshakeEnd.Protocol,
    };

    /// <summary>Has a client leave that has come when the others had been told already.</summary>
    private void DrainIfLate(Action drain)
    {
        if (_loop.IsDraining)
        {
            drain();
        }
    }

    private void ShakeHands(ReadOnlySpan<byte> received)
    {
        _session = new TlsChannel(_channel, _tls.Origin, this, _loop.Tls) { Handler = this };
        _channel = _session;
        SetDeadline(TlsHandshakes.Longest);
        _session.Begin(received);
        Forget();
    }

    /// <summary>The header has named the client: it is looked at as any other.</summary>
    private bool LetIn(IPAddress client)
    {
        if (_isCounted)
        {
            _loop.Context.Door?.Leave(_peer); // It was let in as any client's, before a reload made its peer a proxy.
            _isCounted = false;
        }

        _peer = ClientAddress.Plain(client);
        if (_loop.Context.Door is not { IsOpen: false } door || door.TryEnter(_peer, out _isCounted))
        {
            return true;
        }

        _channel.Close();
        End();
        return false;
    }

    /// <summary>Whoever looks whether the port is open says nothing, nor does one that is opened ahead of need and not used: only a header that was begun, or is required and does not come, is at fault.</summary>
    private void EndGreeting(bool hasEnded)
    {
        if (_greeted is not null || (!hasEnded && _greeting == GreetingRule.Required))
        {
            RefuseGreeting();
        }
        else
        {
            _channel.Close();
            End();
        }
    }

    private void RefuseGreeting()
    {
        _loop.Context.Metrics.Limits.ConnectionRefused("proxy-protocol");
        _channel.Close();
        End();
    }

    private void Fail(HandshakeEnd reason, string what)
    {
        HandshakeReport.Failed(_loop.Context.Metrics.Tls, _tls.Log, new IPEndPoint(_peer, 0), reason, what);
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
            _loop.Context.Door?.Leave(_peer);
        }
    }

    private void Forget()
    {
        if (_greeted is { } greeted)
        {
            _greeted = null;
            _loop.Wire.Blocks.Return(greeted);
        }
    }

    private void SetDeadline(TimeSpan longest) => _channel.Deadline = _loop.Wire.Now + (long)longest.TotalMilliseconds;
}
