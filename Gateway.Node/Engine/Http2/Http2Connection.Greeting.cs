using Gateway.Http;

namespace Gateway.Node.Engine.Http2;

/// <summary>The start of a connection: an optional PROXY protocol header, and the preface.</summary>
internal sealed partial class Http2Connection
{
    private static ReadOnlySpan<byte> Preface => "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8;

    /// <summary>Takes the PROXY protocol header, if present and complete; returns the number of bytes used.</summary>
    private int Greet(ReadOnlySpan<byte> bytes)
    {
        var header = ProxyGreeting.Read(bytes, _greeting, out var source);
        switch (header.State)
        {
            case ProxyHeaderState.Incomplete:
                _hasGreetingBegun = true;
                return 0;
            case ProxyHeaderState.Faulty:
                RefuseGreeting();
                return 0;
            default:
                break;
        }

        (_state, _headBy) = (State.Preface, 0);
        if (source is not null)
        {
            if (_isCounted)
            {
                _isCounted = false; // It was admitted as a client's, before a reload made its peer a proxy.
                _loop.Context.Admission?.Release(_address.Peer);
            }

            _address = new(source.Address, _address.Scheme, isHttp2: true) { Port = source.Port };
            if (_loop.Context.Admission is { IsOpen: false } admission && !admission.TryAdmit(_address.Peer, out _isCounted))
            {
                Close(reset: false);
                return 0;
            }
        }

        WritePreface();
        SetDeadline();
        return header.Length;
    }

    private void RefuseGreeting()
    {
        _loop.Context.Metrics.Limits.ConnectionRefused("proxy-protocol");
        Close(reset: false);
    }

    /// <summary>Takes the client's preface; returns its length, 0 if incomplete.</summary>
    private int TakePreface(ReadOnlySpan<byte> bytes)
    {
        var length = Math.Min(bytes.Length, Preface.Length);
        if (!bytes[..length].SequenceEqual(Preface[..length]))
        {
            _loop.Context.Metrics.RequestMalformed(HttpFaults.NameOf(HttpFault.BadVersion));
            Leave(Gateway.Http.Http2.Http2Error.ProtocolError);
            return 0;
        }

        if (length < Preface.Length)
        {
            return 0;
        }

        _state = State.Settings;
        return length;
    }
}
