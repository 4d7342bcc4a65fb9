using Gateway.Wire;

namespace Gateway.Node.Engine;

/// <summary>The HTTP/2 clients of one loop. Each of their streams is a conversation of the loop (<see cref="ProxyLoop.Converse(Channel, ClientAddress)"/>).</summary>
internal interface IHttp2Clients
{
    /// <summary>The connections that have announced their end and that their clients have yet to close. Readable by any thread.</summary>
    int PendingGoAways { get; }

    /// <summary>Accepts a client, on any carrier, already counted as connected.</summary>
    /// <param name="address">Includes HTTP/2 and the scheme.</param>
    /// <param name="isCounted">Whether <see cref="ClientAdmission"/> counts it.</param>
    /// <param name="rule">Whether it begins with a PROXY protocol header.</param>
    IHttp2Client Accept(Channel channel, ClientAddress address, bool isCounted, GreetingRule rule);

    /// <summary>Asks the clients to open no more streams.</summary>
    void Drain();

    /// <summary>Closes the connections at once.</summary>
    void CutOff();
}

/// <summary>The connection of an HTTP/2 client.</summary>
internal interface IHttp2Client
{
    /// <summary>Asks the client to open no more streams, on the loop. Thread-safe.</summary>
    void DrainLater();
}
