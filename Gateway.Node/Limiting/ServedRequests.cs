using System.Collections.Immutable;

namespace Gateway.Node.Limiting;

/// <summary>Which requests are served at all, on any route. At least one of the two is set.</summary>
/// <param name="Clients">null: all clients.</param>
/// <param name="Hosts">null: all hosts.</param>
internal sealed record ServedRequests(ClientRule? Clients, HostList? Hosts)
{
    /// <summary>null: all are served.</summary>
    public static ServedRequests? Of(ClientSettings? clients, ImmutableArray<string> hosts)
    {
        var served = new ServedRequests(ClientRule.Of(clients), HostList.Of(hosts));
        return served is { Clients: null, Hosts: null } ? null : served;
    }
}
