using System.Net;
using Gateway.Http;
using Gateway.Node.Engine;
using Gateway.Wire;

namespace Gateway.Node.Tls;

/// <summary>Reads the optional PROXY protocol header before the handshake.</summary>
internal sealed partial class LoopHandshake
{
    private GreetingRule _greeting;
    private Block? _greeted;

    /// <summary>Receives the bytes of the header; those of a session go to its channel.</summary>
    void IChannelHandler.OnReceived(ReadOnlySpan<byte> bytes)
    {
        _greeted = _loop.Wire.Blocks.Append(_greeted, bytes);
        var header = ProxyGreeting.Read(_greeted.Used, _greeting, out var source);
        switch (header.State)
        {
            case ProxyHeaderState.Incomplete when _greeted.Length == bytes.Length && _greeting == GreetingRule.Possible:
                SetDeadline(ProxyGreeting.HeaderTimeout); // From its first byte.
                break;
            case ProxyHeaderState.Incomplete:
                break;
            case ProxyHeaderState.Faulty:
                RefuseGreeting();
                break;
            default:
                if (source is null || Admit(source))
                {
                    StartHandshake(_greeted.Used[header.Length..]);
                }

                break;
        }
    }

    /// <summary>Admits the client named in the header, like any other.</summary>
    private bool Admit(IPEndPoint client)
    {
        if (_isCounted)
        {
            _loop.Context.Admission?.Release(_peer); // It was admitted as a client's, before a reload made its peer a proxy.
            _isCounted = false;
        }

        (_peer, _port) = (ClientAddress.Plain(client.Address), client.Port);
        if (_loop.Context.Admission is not { IsOpen: false } admission || admission.TryAdmit(_peer, out _isCounted))
        {
            return true;
        }

        _channel.Close();
        End();
        return false;
    }

    /// <summary>
    /// Ends a connection without a complete header. Port checks and connections opened in advance send nothing: only an incomplete header, or a missing
    /// required one, is an error.
    /// </summary>
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

    private void Forget()
    {
        if (_greeted is { } greeted)
        {
            _greeted = null;
            _loop.Wire.Blocks.Return(greeted);
        }
    }
}
