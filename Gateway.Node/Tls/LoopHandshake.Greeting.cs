using System.Net;
using Gateway.Http;
using Gateway.Node.Engine;
using Gateway.Wire;

namespace Gateway.Node.Tls;

/// <summary>What may come before the handshake: a header of the PROXY protocol.</summary>
internal sealed partial class LoopHandshake
{
    private GreetingRule _greeting;
    private Block? _greeted;

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
                if (source is null || LetIn(source))
                {
                    ShakeHands(_greeted.Used[header.Length..]);
                }

                break;
        }
    }

    /// <summary>The header has named the client: it is looked at as any other.</summary>
    private bool LetIn(IPEndPoint client)
    {
        if (_isCounted)
        {
            _loop.Context.Door?.Leave(_peer); // It was let in as any client's, before a reload made its peer a proxy.
            _isCounted = false;
        }

        (_peer, _port) = (ClientAddress.Plain(client.Address), client.Port);
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

    private void Forget()
    {
        if (_greeted is { } greeted)
        {
            _greeted = null;
            _loop.Wire.Blocks.Return(greeted);
        }
    }
}
