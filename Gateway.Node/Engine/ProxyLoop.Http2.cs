using Gateway.Wire;

namespace Gateway.Node.Engine;

/// <summary>HTTP/2 clients. Each of their streams is a conversation, and among the loop's clients.</summary>
internal sealed partial class ProxyLoop
{
    /// <summary>The HTTP/2 clients.</summary>
    public IHttp2Clients Http2 { get; }

    /// <summary>The clients' connections and streams. Read on its own thread.</summary>
    public int Conversations => _clients.Count;

    /// <summary>Accepts an HTTP/2 client, on any carrier, already counted as connected.</summary>
    /// <param name="address">Includes HTTP/2 and the scheme.</param>
    /// <param name="isCounted">Whether <see cref="ClientAdmission"/> counts it.</param>
    public IHttp2Client AcceptHttp2(Channel channel, ClientAddress address, bool isCounted = false) =>
        Http2.Accept(channel, address, isCounted, GreetingRule.None);

    /// <summary>Accepts an HTTP/2 client that the engine has accepted.</summary>
    /// <param name="descriptor">The connected socket.</param>
    /// <param name="address">The peer's sockaddr.</param>
    public void AcceptHttp2(int descriptor, byte[] address, bool isCounted)
    {
        var client = new ClientAddress(ClientAddress.In(address), isHttp2: true) { Port = ClientAddress.PortIn(address) };
        Http2.Accept(Wire.Adopt(descriptor), client, isCounted, ProxyGreeting.RuleFor(Context.State.Configured?.Settings, client.Peer));
    }

    /// <summary>The same, by any thread.</summary>
    public void AcceptHttp2Later(int descriptor, byte[] address, bool isCounted)
    {
        Interlocked.Increment(ref _coming);
        Wire.Post(() =>
        {
            Interlocked.Decrement(ref _coming);
            AcceptHttp2(descriptor, address, isCounted);
        });
    }

    /// <summary>Accepts an HTTP/2 client on a pipe.</summary>
    /// <param name="leaving">Cancelled when its server accepts no more: the client is asked to leave.</param>
    public void AcceptHttp2(PipeConnection connection, ClientAddress address, CancellationToken leaving)
    {
        var client = AcceptHttp2(Wire.Adopt(connection), address);
        leaving.UnsafeRegister(static leaver => ((IHttp2Client)leaver!).DrainLater(), client);
    }
}
