using System.Collections.Immutable;
using System.Net;
using Gateway.Node.Routing;
using Gateway.Node.Settings.Sections;

namespace Gateway.Node.Settings.Binding;

/// <summary>Finds httpcg settings without effect.</summary>
internal sealed class HttpcgBinder(GatewayFile file, LayeredSettings given, Faults faults)
{
    private const string AddressKey = "httpcgAddr";
    private const string TlsKey = "httpcgTls";

    /// <param name="address">The httpcg address; null: none, or faulty.</param>
    /// <param name="tls">TLS for clients, whose certificates it uses; null: none.</param>
    public void Check(IPEndPoint? address, TlsSettings? tls, ImmutableArray<RouteSettings> routes)
    {
        if (address is not null && !routes.IsEmpty && routes.All(route => route.Planes.IsEmpty) && !faults.Touch("routes"))
        {
            faults.Add(AddressKey, given.Where(AddressKey),
                $"{Faults.Quote(file.HttpcgAddr!)} accepts httpcg URLs only, but no route has planes; add planes to a route, or remove all routes");
        }

        if (file.HttpcgTls != true)
        {
            return;
        }

        if (file.HttpcgAddr is null && !faults.Touch(AddressKey))
        {
            faults.Add(TlsKey, given.Where(TlsKey), "requires --httpcg-addr");
        }
        else if (tls is null && !faults.Touch(TlsBinder.Keys.AsSpan()))
        {
            faults.Add(TlsKey, given.Where(TlsKey), "requires --tls-addr, since it uses the same certificates");
        }
    }
}
