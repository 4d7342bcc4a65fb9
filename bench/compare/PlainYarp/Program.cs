// The comparison's plain YARP: one route, one cluster, otherwise default settings.
//   plain-yarp LISTEN POLICY BACKEND...      plain-yarp http://127.0.0.1:8080 RoundRobin http://127.0.0.1:8001
// Logs are off below warnings, because its default is more than a line per request, and none of the others logs requests.
using Yarp.ReverseProxy.Configuration;

if (args is not [var listen, var policy, .. { Length: > 0 } backends])
{
    await Console.Error.WriteLineAsync("usage: plain-yarp LISTEN POLICY BACKEND...");
    return 2;
}

var builder = WebApplication.CreateBuilder();
builder.Logging.SetMinimumLevel(LogLevel.Warning);
builder.WebHost.UseUrls(listen);
builder.Services.AddReverseProxy().LoadFromMemory(
    [new RouteConfig { RouteId = "all", ClusterId = "backends", Match = new RouteMatch { Path = "{**rest}" } }],
    [
        new ClusterConfig
        {
            ClusterId = "backends",
            LoadBalancingPolicy = policy,
            Destinations = backends.ToDictionary(address => address, address => new DestinationConfig { Address = address }),
        },
    ]);

var app = builder.Build();
app.MapReverseProxy();
await app.RunAsync();
return 0;
