using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Gateway.Node.Routing;

namespace Gateway.Tests.EndToEnd;

/// <summary>Routes through a whole replica, for HTTP/1.1 and HTTP/2 clients.</summary>
public sealed class RoutingTests
{
    private static readonly RouteSettings[] Routes =
    [
        new() { Name = "rest", Pool = "default", PathPrefix = "/rest" },
        new() { Name = "order", Pool = "other", Path = "/users/{id}/orders", Methods = ["GET", "PUT"] },
        new() { Name = "beta", Pool = "other", PathPrefix = "/rest", Headers = [new("X-Channel", Prefix: "beta")] },
        new() { Name = "debug", Pool = "other", PathPrefix = "/rest", Query = [new("debug")] },
        new() { Name = "shop", Pool = "other", Hosts = ["*.shop.example"] },
    ];

    [Theory]
    [InlineData(false, "/rest/a", null, null, "default")]
    [InlineData(true, "/rest/a", null, null, "default")]
    [InlineData(false, "/users/7/orders?x=1", null, null, "other")]
    [InlineData(true, "/users/7/orders?x=1", null, null, "other")]
    [InlineData(false, "/rest/a", null, "beta-3", "other")]
    [InlineData(true, "/rest/a", null, "beta-3", "other")]
    [InlineData(false, "/rest/a", null, "alpha", "default")]
    [InlineData(false, "/rest/a?x&debug=1", null, null, "other")]
    [InlineData(true, "/rest/a?x&debug=1", null, null, "other")]
    [InlineData(false, "/", "eu.shop.example", null, "other")]
    [InlineData(true, "/", "eu.shop.example", null, "other")]
    public async Task A_request_goes_to_the_pool_of_its_route(bool http2, string target, string? host, string? channel, string pool)
    {
        await using var pair = await TwoPools.StartAsync(Routes, http2);
        using var answer = await pair.AskAsync(HttpMethod.Get, target, request =>
        {
            request.Headers.Host = host;
            if (channel is not null)
            {
                request.Headers.Add("X-Channel", channel);
            }
        });

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal((target, pool), (Assert.Single(pair.Of(pool).Requests).Target, await answer.Content.ReadAsStringAsync()));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_method_that_no_route_takes_here_is_405_and_a_path_that_none_takes_404(bool http2)
    {
        await using var pair = await TwoPools.StartAsync(Routes, http2);

        using var wrong = await pair.AskAsync(HttpMethod.Delete, "/users/7/orders");
        Assert.Equal((HttpStatusCode.MethodNotAllowed, "GET, PUT"), (wrong.StatusCode, string.Join(", ", wrong.Content.Headers.Allow)));
        Assert.Equal("application/problem+json", wrong.Content.Headers.ContentType?.MediaType);
        Assert.Equal(405, (await wrong.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("status").GetInt32());
        using var missing = await pair.AskAsync(HttpMethod.Delete, "/users/7");
        Assert.Equal((HttpStatusCode.NotFound, 0), (missing.StatusCode, missing.Content.Headers.Allow.Count));
        Assert.Empty(pair.Of("default").Requests.Concat(pair.Of("other").Requests));
    }
}
