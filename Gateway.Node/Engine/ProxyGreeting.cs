using System.Net;
using System.Net.Sockets;
using Gateway.Http;
using Gateway.Node.Settings;

namespace Gateway.Node.Engine;

/// <summary>Interprets the first bytes of a connection that may begin with a PROXY protocol header.</summary>
internal static class ProxyGreeting
{
    /// <summary>The time limit for a header, from its first byte; if it is required, from the start of the connection.</summary>
    public static readonly TimeSpan HeaderTimeout = TimeSpan.FromSeconds(10);

    /// <summary>The time limit for the first byte if the header is optional: as long as a connection is kept without a request.</summary>
    public static readonly TimeSpan SilenceTimeout = TimeSpan.FromSeconds(60);

    /// <summary>Decides whether a peer's connection is checked for a header, and whether it stays.</summary>
    /// <param name="settings">null: the replica is not configured yet.</param>
    public static GreetingRule RuleFor(GatewaySettings? settings, IPAddress peer) =>
        settings is null or { ProxyProtocol: ProxyProtocolMode.Off } ? GreetingRule.None
        : ForwardedClient.Contains(settings.TrustedProxies, peer) ? (settings.ProxyProtocol == ProxyProtocolMode.Require ? GreetingRule.Required : GreetingRule.Possible)
        : settings.ProxyProtocol == ProxyProtocolMode.Require ? GreetingRule.Refused
        : GreetingRule.None;

    /// <summary>Parses the bytes received; a header without a valid address is an error, and so is the absence of a required one.</summary>
    /// <param name="source">The client's address; null: the peer's.</param>
    public static ProxyHeader Read(ReadOnlySpan<byte> bytes, GreetingRule rule, out IPEndPoint? source)
    {
        source = null;
        var header = ProxyProtocol.Parse(bytes);
        if (header.State == ProxyHeaderState.Absent && rule == GreetingRule.Required)
        {
            return new(ProxyHeaderState.Faulty);
        }

        if (header is not { State: ProxyHeaderState.Complete, Source: not ProxySource.None })
        {
            return header;
        }

        var written = bytes[header.Start..header.End];
        var address = header.Source == ProxySource.Bytes ? new IPAddress(written) : IPAddress.TryParse(written, out var parsed) ? parsed : null;
        if (address is null || (header.Source == ProxySource.Text4 && !address.ToString().AsSpan().SequenceEqual(System.Text.Encoding.ASCII.GetString(written))) ||
            (header.Source == ProxySource.Text6 && address.AddressFamily != AddressFamily.InterNetworkV6))
        {
            return new(ProxyHeaderState.Faulty);
        }

        source = new(ClientAddress.Plain(address), header.Port);
        return header;
    }
}
