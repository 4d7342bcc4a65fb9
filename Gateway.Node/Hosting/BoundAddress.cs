using System.Net;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace Gateway.Node.Hosting;

internal static class BoundAddress
{
    /// <summary>The address of a started server: the configured one, with the port that the system chose for port 0.</summary>
    /// <param name="index">The index among its addresses, in the order in which they were configured.</param>
    public static IPEndPoint BoundTo(this WebApplication server, IPEndPoint wanted, int index = 0)
    {
        var addresses = server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()?.Addresses;
        return addresses?.ElementAtOrDefault(index) is { } address ? new(wanted.Address, new Uri(address).Port) : wanted;
    }
}
