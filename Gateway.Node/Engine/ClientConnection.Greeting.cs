using Gateway.Http;

namespace Gateway.Node.Engine;

/// <summary>Reads the PROXY protocol header that a connection may begin with.</summary>
internal sealed partial class ClientConnection
{
    private GreetingRule _greeting;

    /// <summary>Expects a header at the start of the connection, required or optional. Must be called before any bytes arrive.</summary>
    public void ExpectGreeting(GreetingRule rule)
    {
        (_greeting, _phase) = (rule, Phase.Greeting);
        if (rule == GreetingRule.Refused)
        {
            RefuseGreeting();
        }
        else if (rule == GreetingRule.Required)
        {
            Channel.Deadline = _loop.Wire.Now + (long)ProxyGreeting.HeaderTimeout.TotalMilliseconds;
        }
    }

    /// <summary>Takes the header, if present and complete; returns the number of bytes used.</summary>
    private int Greet(ReadOnlySpan<byte> bytes)
    {
        var header = ProxyGreeting.Read(bytes, _greeting, out var source);
        if (header.State == ProxyHeaderState.Incomplete)
        {
            if (!_headBegun && _greeting == GreetingRule.Possible)
            {
                Channel.Deadline = _loop.Wire.Now + (long)ProxyGreeting.HeaderTimeout.TotalMilliseconds;
            }

            _headBegun = true;
            return 0;
        }

        if (header.State == ProxyHeaderState.Faulty)
        {
            RefuseGreeting();
            return 0;
        }

        (_headBegun, _phase, Channel.Deadline) = (false, Phase.Reading, IdleDeadline);
        if (source is not null)
        {
            if (IsCounted)
            {
                IsCounted = false; // It was admitted as a client's, before a reload made its peer a proxy.
                _loop.Context.Admission?.Release(Address.Peer);
            }

            Address = new(source.Address) { Port = source.Port, AcceptsHttpcgTargets = Address.AcceptsHttpcgTargets };
            if (_loop.Context.Admission is { IsOpen: false } admission)
            {
                Admit(admission);
            }
        }

        return header.Length;
    }

    private void Admit(ClientAdmission admission)
    {
        if (!admission.TryAdmit(Address.Peer, out var isCounted))
        {
            Close(reset: false);
        }

        IsCounted = isCounted;
    }

    private void RefuseGreeting()
    {
        _loop.Context.Metrics.Limits.ConnectionRefused("proxy-protocol");
        Close(reset: false);
    }
}
