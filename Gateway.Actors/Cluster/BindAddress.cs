using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace Gateway.Actors.Cluster;

/// <summary>
/// The local address to bind, derived from the address other replicas use. In a container that name resolves to a local address;
/// behind address translation, or if the name cannot be resolved yet, it does not, and all addresses are bound.
/// </summary>
public static class BindAddress
{
    public static async Task<string> OfAsync(string host, CancellationToken cancellation = default)
    {
        IPAddress[] resolved;
        try
        {
            // A resolver may complete on the data path's event loop: leave it, since the rest of this blocks for a while.
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
