using System.Net;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace Gateway.Node.Hosting;

internal static class BoundAddress
{
    /// <summary>Where a started server listens: the address asked for, with the port that the system chose for port 0.</summary>
    /// <param name="index">Which of its addresses, in the order in which it was told to listen.</param>
    public static IPEndPoint BoundTo(this WebApplication server, IPEndPoint wanted, int index = 0)
    {
        var addresses = server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()?.Addresses;
        return addresses?.ElementAtOrDefault(index) is { } address ? new(wanted.Address, new Uri(address).Port) : wanted;
    }
}
