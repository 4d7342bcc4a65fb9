using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace Gateway.Actors.Cluster;

/// <summary>
/// Where to listen, given by what others reach this replica. In a container the name resolves to an address of its own; behind address
/// translation, or under a name that nobody can resolve yet, it does not, and all addresses are listened on.
/// </summary>
public static class BindAddress
{
    public static async Task<string> OfAsync(string host, CancellationToken cancellation = default)
    {
        IPAddress[] resolved;
        try
        {
            // A resolver's sockets may complete on the data path's event loop: leave it, the rest of this blocks for a while.
            var resolving = Dns.GetHostAddressesAsync(host, AddressFamily.InterNetwork, cancellation);
            await ((Task)resolving).ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
            resolved = await resolving.ConfigureAwait(false);
        }
        catch (SocketException)
        {
            resolved = [];
        }

        return (resolved.FirstOrDefault(IsLocal) ?? IPAddress.Any).ToString();
    }

    private static bool IsLocal(IPAddress address) => IPAddress.IsLoopback(address) || NetworkInterface.GetAllNetworkInterfaces()
        .SelectMany(network => network.GetIPProperties().UnicastAddresses)
        .Any(local => local.Address.Equals(address));
}
