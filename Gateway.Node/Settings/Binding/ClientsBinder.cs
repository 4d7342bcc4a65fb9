using System.Collections.Immutable;
using System.Net;
using Gateway.Node.Limiting;
using Gateway.Node.Settings.Sections;

namespace Gateway.Node.Settings.Binding;

/// <summary>Creates lists of networks, with checks beyond the schema.</summary>
internal static class ClientsBinder
{
    /// <param name="fault">Receives a key below the section and its error.</param>
    public static ClientSettings? Of(ClientsSection? clients, Action<string, string> fault)
    {
        if (clients?.Allow is { Count: 0 })
        {
            fault("allow", "is empty; list at least one network, or leave allow out to serve everyone");
        }

        return clients is null ? null : new()
        {
            Allow = NetworksOf("allow", clients.Allow, fault),
            Deny = NetworksOf("deny", clients.Deny, fault),
        };
    }

    /// <param name="key">The key of the list.</param>
    /// <param name="fault">Receives the place in the list and its error.</param>
    public static ImmutableArray<IPNetwork> NetworksOf(string key, IReadOnlyList<string?>? texts, Action<string, string> fault)
    {
        var networks = ImmutableArray.CreateBuilder<IPNetwork>();
        foreach (var (i, text) in (texts ?? []).Index())
        {
            if (text is null)
            {
                continue;
            }

            if (ListenAddress.ParseNetwork(text) is { } network)
            {
                networks.Add(network);
            }
            else
            {
                fault($"{key}[{i}]", $"{Faults.Quote(text)} is not a network; allowed: an IP address or address/prefix");
            }
        }

        return networks.ToImmutable();
    }
}
