using System.Text;
using CsCheck;
using Gateway.Node.Routing;

namespace Gateway.Tests.Routing;

public sealed class PathRewriteTests
{
    [Theory]
    [InlineData("/api", "/api/x", "/x")]
    [InlineData("/api", "/api", "/")]
    [InlineData("/api", "/api/", "/")]
    [InlineData("/api", "/%61pi/x", "/x")]
    [InlineData("/api", "//api//x//y", "/x//y")]
    [InlineData("/api", "/api%2Fx%2fy", "/x%2fy")]
    [InlineData("/api", "/api;v=1/x;w=2", "/x;w=2")]
    [InlineData("/api", "/api;v=1", "/")]
    [InlineData("/api", "/api/%2F/evil.example", "/evil.example")]
    [InlineData("/a/b", "/a//b/c", "/c")]
    [InlineData("/a/b", "/a;x/;y/b/c", "/c")]
    [InlineData("/%C3%A9", "/%c3%a9/x", "/x")]
    [InlineData("/", "/x", "/x")]
    [InlineData("/", "//x", "/x")]
    public void A_prefix_is_taken_off_however_it_is_spelled_and_the_rest_stays(string prefix, string path, string expected) =>
        Assert.Equal(expected, Rewritten(new(StripPrefix: true), path, prefix));

    [Theory]
    [InlineData("/v2", "/api/x", "/v2/x")]
    [InlineData("/v2", "/api", "/v2")]
    [InlineData("/v2", "/api/", "/v2/")]
    [InlineData("/v2/", "/api", "/v2")]
    [InlineData("/v2", "/%61pi%2Fx", "/v2/x")]
    [InlineData("/", "/api", "/")]
    [InlineData("/", "/api/x", "/x")]
    public void Another_stands_for_it(string replacement, string path, string expected) =>
        Assert.Equal(expected, Rewritten(new(ReplacePrefix: replacement), path));

    [Theory]
    [InlineData("/orders/{id}/by/{user}", "/users/7/orders/42", "/orders/42/by/7")]
    [InlineData("/{id}", "/users/7/orders/a%2Bb", "/a%2Bb")]
    [InlineData("/{id}", "/users/7/orders/%61;x=1", "/a")]
    [InlineData("/fixed", "/users/7/orders/1", "/fixed")]
    public void A_template_takes_what_stood_for_the_parameters(string template, string path, string expected)
    {
        var route = RoutePath.Of(new() { Name = "r", Pool = "p", Path = "/users/{user}/orders/{id}" });
        Assert.Equal(expected, Rewritten(new(Path: template), path, route));
    }

    /// <summary>For any client: the backend reads the same behind the prefix as routes do.</summary>
    [Fact]
    public void The_rest_of_the_path_keeps_its_meaning() =>
        Gen.OneOf("a", "b%2Fc", "%61", ";x", "y;z", "", "%2F", "...", "%C3", "%2").Array[0, 5].Sample(segments =>
        {
            var written = "/api/" + string.Join('/', segments);
            if (!RequestTarget.TryParse("GET", written, out var target, out _))
            {
                return;
            }

            var rewritten = Rewritten(new(ReplacePrefix: "/v2"), written);
            Assert.True(RequestTarget.TryParse("GET", rewritten, out var after, out var fault), fault);
            Assert.Equal(target.Path["/api".Length..].ToString(), after.Path["/v2".Length..].ToString());
            Assert.Equal(rewritten, after.PathAndQuery);
        });

    [Theory]
    [InlineData("https://{host}{path}{query}", "/a//b?x=1", "https://shop.example/a//b?x=1")]
    [InlineData("https://{host}{path}{query}", "//evil.example/", "https://shop.example/evil.example/")]
    [InlineData("/new{rest}{query}", "/api/x/y?z", "/new/x/y?z")]
    [InlineData("/new{rest}", "/api", "/new")]
    [InlineData("{", "/api", null)]
    [InlineData("/{path}", "//evil.example", "/evil.example")]
    [InlineData("https://new.example{rest}", "/api//evil.example", "https://new.example/evil.example")]
    [InlineData("https://{rest}", "/api", null)]
    [InlineData("//evil.example", "/api", null)]
    [InlineData("https://", "/api", null)]
    [InlineData("ftp://x", "/api", null)]
    [InlineData("https://{query}", "/api", null)]
    [InlineData("https://x{id}/", "/api", null)]
    [InlineData("/{id}", "/api", null)]
    public void A_location_is_made_of_the_request_and_cannot_lead_to_a_host_that_a_client_names(string location, string target, string? expected)
    {
        var path = RoutePath.Of(new() { Name = "r", Pool = null, PathPrefix = "/api" });
        Assert.Equal(expected is null, RedirectTemplate.FaultOf(location, path) is not null);
        if (expected is not null)
        {
            var asked = new AskedRequest("shop.example:80", target);
            Assert.Equal(expected, new RedirectTemplate(new(location), path).Of(asked.Request, Encoding.Latin1.GetBytes(target), target.Split('?')[0].Length));
        }
    }

    [Fact]
    public void Rewriting_allocates_nothing()
    {
        var rewrite = PathRewrite.Of(new(ReplacePrefix: "/v2"), RoutePath.Of(new() { Name = "r", Pool = "p", PathPrefix = "/api" }))!;
        var room = new byte[100];
        var length = 0;
        rewrite.Write(room, "/api/x/y"u8, "/api/x/y"u8);

        Allocations.AssertNone(() =>
        {
            for (var i = 0; i < 1000; i++)
            {
                length = rewrite.Write(room, "/api/x/y"u8, "/api/x/y"u8);
            }
        });
        Assert.Equal("/v2/x/y", Encoding.ASCII.GetString(room, 0, length));
    }

    private static string Rewritten(RewriteSettings settings, string path, string prefix = "/api") =>
        Rewritten(settings, path, RoutePath.Of(new() { Name = "r", Pool = "p", PathPrefix = prefix }));

    private static string Rewritten(RewriteSettings settings, string path, RoutePath route)
    {
        Assert.True(RequestTarget.TryParse("GET", path, out var target, out var fault), fault);
        Assert.True(route.Takes(Encoding.Latin1.GetBytes(target.Path.ToString())));
        var room = new byte[1000];
        return Encoding.Latin1.GetString(room, 0, PathRewrite.Of(settings, route)!.Write(room, Encoding.Latin1.GetBytes(path), Encoding.Latin1.GetBytes(target.Path.ToString())));
    }
}
