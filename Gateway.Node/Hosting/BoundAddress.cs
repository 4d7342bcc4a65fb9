using System.Net;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace Gateway.Node.Hosting;

internal static class BoundAddress
{
    /// <summary>Where a started server listens: the address asked for, with the port that the system chose for port 0.</summary>
    public static IPEndPoint BoundTo(this WebApplication server, IPEndPoint wanted)
    {
        var addresses = server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()?.Addresses;
        return addresses?.FirstOrDefault() is { } address ? new(wanted.Address, new Uri(address).Port) : wanted;
    }
}
