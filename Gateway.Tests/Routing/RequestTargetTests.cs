using CsCheck;
using Gateway.Node.Routing;

namespace Gateway.Tests.Routing;

public sealed class RequestTargetTests
{
    private static readonly Gen<string> GenPath = Gen.OneOf(".", "..", "%2e", "%2E.", ".%2e", "a", "b%2Fc", "", "...", "%2", "%2fx", "y;x", ".a")
        .Array[1, 8].Select(segments => "/" + string.Join('/', segments));

    private static readonly Gen<string> GenQuery = Gen.OneOf("", "?", "?a=/../b", "?%2e%2e/");

    [Theory]
    [InlineData("/", "/")]
    [InlineData("/a/b", "/a/b")]
    [InlineData("/a/../b%2Fc", "/b%2Fc")]
    [InlineData("/a/b/c/./../../g", "/a/g")]
    [InlineData("/.", "/")]
    [InlineData("/..", "/")]
    [InlineData("/../../x", "/x")]
    [InlineData("/a/.", "/a/")]
    [InlineData("/a/..", "/")]
    [InlineData("/a/b/..", "/a/")]
    [InlineData("/a/./b", "/a/b")]
    [InlineData("/a//../b", "/a/b")]
    [InlineData("/a/%2e%2E/b", "/b")]
    [InlineData("/a/.%2e/b", "/b")]
    [InlineData("/a/%2e/b", "/a/b")]
    [InlineData("/a/...", "/a/...")]
    [InlineData("/a/%2e%2e%2e/b", "/a/%2e%2e%2e/b")]
    [InlineData("/.well-known/x", "/.well-known/x")]
    [InlineData("/a/%252e%252e/b", "/a/%252e%252e/b")]
    [InlineData("/%7Euser/%zz", "/%7Euser/%zz")]
    [InlineData("/a/../b?x=/../y", "/b?x=/../y")]
    [InlineData("/a?x=/../y", "/a?x=/../y")]
    [InlineData("/a/..?", "/?")]
    public void Dot_segments_go_and_all_else_stays(string raw, string expected)
    {
        var target = Parsed("GET", raw);

        Assert.Equal(expected, target.PathAndQuery);
        Assert.Equal(TargetForm.Origin, target.Form);
        Assert.Null(target.Authority);
    }

    [Theory]
    [InlineData("/admin", "/admin")]
    [InlineData("/%61dmi%6E", "/admin")]
    [InlineData("/%41dmin", "/Admin")]
    [InlineData("/%7Euser/%2D%5f%2e", "/~user/-_.")]
    [InlineData("//admin///x", "/admin/x")]
    [InlineData("/x%2fadmin%2F%2fy", "/x/admin/y")]
    [InlineData("/x%5Cadmin", "/x/admin")]
    [InlineData("/admin;v=1", "/admin")]
    [InlineData("/admin;v=%2Fx;w/y;z", "/admin/x/y")]
    [InlineData("/;x/admin", "/admin")]
    [InlineData("/admin%3Bx", "/admin%3Bx")]
    [InlineData("/%c3%a9", "/%C3%A9")]
    [InlineData("/%2561dmin", "/%2561dmin")]
    [InlineData("/%6/%6g%", "/%6/%6g%")]
    [InlineData("/a%3fb%23?c%61", "/a%3Fb%23")]
    public void It_is_routed_by_what_it_means(string raw, string routed)
    {
        var target = Parsed("GET", raw);

        Assert.Equal((routed, raw), (target.Path.ToString(), target.PathAndQuery));
    }

    [Theory]
    [InlineData("/a/..%2Fadmin")]
    [InlineData("/a%2F..%2Fb")]
    [InlineData("/a%2f%2e%2e")]
    [InlineData("/a/..%5cadmin")]
    [InlineData("/a/..;/admin")]
    [InlineData("/a/%2e%2e;x=1/admin")]
    [InlineData("/.;/x")]
    public void A_dot_segment_that_only_some_servers_see_is_refused(string raw)
    {
        Assert.False(RequestTarget.TryParse("GET", raw, out _, out var fault));
        Assert.Contains("dot segment", fault, StringComparison.Ordinal);
    }

    [Fact]
    public void Whatever_is_encoded_of_a_plain_path_it_is_routed_alike() =>
        Gen.Select(Gen.OneOf("admin", "a.b", "x_y~z", "UP-1").Array[1, 4], Gen.Int[0, int.MaxValue]).Sample((segments, seed) =>
        {
            var path = "/" + string.Join('/', segments);
            var spelled = string.Concat(path.Select((c, i) => ((seed >> (i % 31)) & 1) == 0 ? c.ToString() : c == '/' ? "//" : $"%{(int)c:x2}"));
            Assert.Equal(path, Parsed("GET", spelled).Path.ToString());
        });

    [Theory]
    [InlineData("GET", "http://shop.example/a/../b?c", "shop.example", "/b?c")]
    [InlineData("GET", "HTTPS://Shop.example:8443", "Shop.example:8443", "/")]
    [InlineData("GET", "http://shop.example?x=1", "shop.example", "/?x=1")]
    [InlineData("GET", "http://[::1]:80/a", "[::1]:80", "/a")]
    [InlineData("OPTIONS", "http://shop.example", "shop.example", "*")]
    [InlineData("OPTIONS", "http://shop.example/", "shop.example", "/")]
    [InlineData("OPTIONS", "http://shop.example?x", "shop.example", "/?x")]
    public void The_absolute_form_also_gives_the_authority(string method, string raw, string authority, string pathAndQuery)
    {
        var target = Parsed(method, raw);

        Assert.Equal((TargetForm.Absolute, authority, pathAndQuery), (target.Form, target.Authority, target.PathAndQuery));
    }

    [Fact]
    public void The_asterisk_form_is_for_OPTIONS_alone()
    {
        Assert.Equal((TargetForm.Asterisk, "*"), (Parsed("OPTIONS", "*").Form, Parsed("OPTIONS", "*").PathAndQuery));
        Assert.False(RequestTarget.TryParse("GET", "*", out _, out _));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a/b")]
    [InlineData("/a b")]
    [InlineData("/a\tb")]
    [InlineData("/a\0")]
    [InlineData("/a\r\nX: y")]
    [InlineData("/a#b")]
    [InlineData("/a\u007f")]
    [InlineData("/\u00e4")]
    [InlineData("/a\\..\\b")]
    [InlineData("shop.example:443")]
    [InlineData("ftp://shop.example/")]
    [InlineData("http://")]
    [InlineData("http:///a")]
    [InlineData("http://:80/a")]
    [InlineData("http://user@shop.example/a")]
    [InlineData("http://shop.example\\x/a")]
    [InlineData("http://shop.example:8o/a")]
    [InlineData("http://shop.example:80:80/a")]
    [InlineData("http://shop.example:123456/a")]
    [InlineData("http://shop[.example/a")]
    [InlineData("http://[::1/a")]
    [InlineData("http://[::x]/a")]
    public void An_invalid_target_is_refused_with_a_reason(string raw)
    {
        Assert.False(RequestTarget.TryParse("GET", raw, out _, out var fault));
        Assert.NotEmpty(fault!);
    }

    [Fact]
    public void A_target_that_stays_as_it_is_allocates_nothing()
    {
        const string raw = "/api/v1/items/42?x=/../1";
        Assert.Same(raw, Parsed("GET", raw).PathAndQuery);

        Allocations.AssertNone(() =>
        {
            for (var i = 0; i < 1000; i++)
            {
                RequestTarget.TryParse("GET", raw, out _, out _);
            }
        });
    }

    [Fact]
    public void A_path_longer_than_the_stack_buffer_is_cleaned_too()
    {
        var deep = string.Concat(Enumerable.Repeat("/abcdefgh", 200));

        Assert.Equal(deep, Parsed("GET", $"{deep}/x/..{deep}/../y"[..(deep.Length + 5)]).PathAndQuery.TrimEnd('/'));
        Assert.Equal(deep + "/y", Parsed("GET", $"{deep}/x/../y").PathAndQuery);
    }

    [Fact]
    public void Cleaning_twice_is_cleaning_once_and_leaves_no_dot_segment() =>
        Gen.Select(GenPath, GenQuery).Sample((path, query) =>
        {
            var once = Parsed("GET", path + query);
            Assert.Equal(once, Parsed("GET", once.PathAndQuery));
            Assert.EndsWith(query, once.PathAndQuery, StringComparison.Ordinal);
            Assert.DoesNotContain(
                once.PathAndQuery[..once.PathLength].Split('/'),
                s => s.Replace("%2e", ".", StringComparison.OrdinalIgnoreCase) is "." or "..");
        });

    [Fact]
    public void Cleaning_is_what_a_list_of_segments_gives() =>
        GenPath.Sample(path => Assert.Equal(ByList(path), Parsed("GET", path).PathAndQuery));

    /// <summary>RFC 3986 5.2.4, implemented with a list.</summary>
    private static string ByList(string path)
    {
        var kept = new List<string>();
        var segments = path[1..].Split('/');
        for (var i = 0; i < segments.Length; i++)
        {
            var plain = segments[i].Replace("%2e", ".", StringComparison.OrdinalIgnoreCase);
            if (plain is not ("." or ".."))
            {
                kept.Add(segments[i]);
            }

            if (plain == ".." && kept.Count > 0)
            {
                kept.RemoveAt(kept.Count - 1);
            }

            if (plain is "." or ".." && i == segments.Length - 1)
            {
                kept.Add("");
            }
        }

        return "/" + string.Join('/', kept);
    }

    private static RequestTarget Parsed(string method, string raw)
    {
        Assert.True(RequestTarget.TryParse(method, raw, out var target, out var fault), fault);
        return target;
    }
}
