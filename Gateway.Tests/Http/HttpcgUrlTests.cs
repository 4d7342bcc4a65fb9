using System.Text;
using CsCheck;
using Gateway.Http;

namespace Gateway.Tests.Http;

public sealed class HttpcgUrlTests
{
    private static readonly Gen<string> GenPlane = Gen.OneOf("app", "bpi", "gw", "wallet", "m2m", "APP", "Wallet", "m2M");

    private static readonly Gen<string> GenAuthority = Gen.OneOf("shop.example", "Shop.Example:8080", "a", "a_b-c.", "10.0.0.1:1", "[::1]", "[2001:DB8::1]:65535", "[::]", "[::ffff:10.0.0.1]:1");

    private static readonly Gen<string> GenRest = Gen.Char["ab/.%?:@&=;~!'\\|[]"].Array[0, 12].Select(c => new string(c).Replace("%", "%2F", StringComparison.Ordinal));

    private static readonly Gen<string> GenUrl = Gen.Select(
        GenPlane, GenAuthority, Gen.OneOf(GenRest.Select(r => "/" + r.Replace('\\', '/')), Gen.Const("")), Gen.OneOf(GenRest.Select(r => "?" + r), Gen.Const("")),
        Gen.OneOf(GenRest.Select(r => "#" + r), Gen.Const("")),
        (plane, authority, path, query, fragment) => $"httpcg://{plane}/{authority}{(path.Contains('?', StringComparison.Ordinal) ? path.Replace('?', 'q') : path)}{query}{fragment}");

    [Fact]
    public void A_url_has_a_plane_an_authority_a_path_a_query_and_a_fragment()
    {
        Assert.Equal(HttpcgFault.None, HttpcgUrl.Parse("httpcg://app/shop.example:8080/cart/1?x=1&y=/#top"u8, out var url));
        Assert.Equal(HttpcgPlane.App, url.Plane);
        Assert.Equal("shop.example:8080", Text(url.Authority));
        Assert.Equal(("/cart/1", "x=1&y=/", "top"), (Text(url.Path), Text(url.Query), Text(url.Fragment)));
    }

    [Theory]
    [InlineData("httpcg://app/shop.example", "/", false, "", false)]
    [InlineData("httpcg://app/shop.example/", "/", false, "", false)]
    [InlineData("httpcg://app/shop.example?x", "/", true, "x", false)]
    [InlineData("httpcg://app/shop.example?", "/", true, "", false)]
    [InlineData("httpcg://app/shop.example#", "/", false, "", true)]
    [InlineData("httpcg://app/shop.example//a/../b%2Fc?a?b", "//a/../b%2Fc", true, "a?b", false)]
    public void The_path_defaults_to_a_slash_and_nothing_is_decoded_or_removed(string text, string path, bool hasQuery, string query, bool hasFragment)
    {
        Assert.Equal(HttpcgFault.None, HttpcgUrl.Parse(Heads.Bytes(text), out var url));
        Assert.Equal((path, hasQuery, query, hasFragment), (Text(url.Path), url.HasQuery, Text(url.Query), url.HasFragment));
    }

    [Theory]
    [InlineData("", HttpcgFault.NoScheme)]
    [InlineData("http://app/shop.example/", HttpcgFault.NoScheme)]
    [InlineData("httpcg:/app/shop.example/", HttpcgFault.NoScheme)]
    [InlineData(" httpcg://app/shop.example/", HttpcgFault.NoScheme)]
    [InlineData("httpcg://", HttpcgFault.NoPlane)]
    [InlineData("httpcg:///shop.example/", HttpcgFault.NoPlane)]
    [InlineData("httpcg://?app", HttpcgFault.NoPlane)]
    [InlineData("httpcg://shop/shop.example/", HttpcgFault.UnknownPlane)]
    [InlineData("httpcg://%61pp/shop.example/", HttpcgFault.UnknownPlane)]
    [InlineData("httpcg://app /shop.example/", HttpcgFault.UnknownPlane)]
    [InlineData("httpcg://../app/shop.example/", HttpcgFault.UnknownPlane)]
    [InlineData("httpcg://user@app/shop.example/", HttpcgFault.UserInfo)]
    [InlineData("httpcg://app/user:word@shop.example/", HttpcgFault.UserInfo)]
    [InlineData("httpcg://app:80/shop.example/", HttpcgFault.PlanePort)]
    [InlineData("httpcg://app", HttpcgFault.NoAuthority)]
    [InlineData("httpcg://app/", HttpcgFault.NoAuthority)]
    [InlineData("httpcg://app//cart", HttpcgFault.NoAuthority)]
    [InlineData("httpcg://app?x", HttpcgFault.NoAuthority)]
    [InlineData("httpcg://app/?x", HttpcgFault.NoAuthority)]
    [InlineData("httpcg://app/#x", HttpcgFault.NoAuthority)]
    [InlineData("httpcg://app/../gw/shop.example", HttpcgFault.BadAuthority)]
    [InlineData("httpcg://app/./cart", HttpcgFault.BadAuthority)]
    [InlineData("httpcg://app/shop%2eexample/", HttpcgFault.BadAuthority)]
    [InlineData("httpcg://app/shop.example%2Fcart", HttpcgFault.BadAuthority)]
    [InlineData("httpcg://app/shop..example/", HttpcgFault.BadAuthority)]
    [InlineData("httpcg://app/shop\\example/", HttpcgFault.BadAuthority)]
    [InlineData("httpcg://app/shop,gw/", HttpcgFault.BadAuthority)]
    [InlineData("httpcg://app/sh\u00f6p/", HttpcgFault.BadAuthority)]
    [InlineData("httpcg://app/shop\r\n/", HttpcgFault.BadAuthority)]
    [InlineData("httpcg://app/:80/", HttpcgFault.BadAuthority)]
    [InlineData("httpcg://app/::1/", HttpcgFault.BadAuthority)]
    [InlineData("httpcg://app/[::1/", HttpcgFault.BadAuthority)]
    [InlineData("httpcg://app/[::1]x/", HttpcgFault.BadAuthority)]
    [InlineData("httpcg://app/[1.2.3.4]/", HttpcgFault.BadAuthority)]
    [InlineData("httpcg://app/[::1%251]/", HttpcgFault.BadAuthority)]
    [InlineData("httpcg://app/[...]/", HttpcgFault.BadAuthority)]
    [InlineData("httpcg://app/[]/", HttpcgFault.BadAuthority)]
    [InlineData("httpcg://app/[[::1]]/", HttpcgFault.BadAuthority)]
    [InlineData("httpcg://app/[:::]/", HttpcgFault.BadAuthority)]
    [InlineData("httpcg://app/[1:2:3]/", HttpcgFault.BadAuthority)]
    [InlineData("httpcg://app/[12345::]/", HttpcgFault.BadAuthority)]
    [InlineData("httpcg://app/[::1.2.3.256]/", HttpcgFault.BadAuthority)]
    [InlineData("httpcg://app/shop:/", HttpcgFault.BadPort)]
    [InlineData("httpcg://app/shop:0/", HttpcgFault.BadPort)]
    [InlineData("httpcg://app/shop:65536/", HttpcgFault.BadPort)]
    [InlineData("httpcg://app/shop:000080/", HttpcgFault.BadPort)]
    [InlineData("httpcg://app/shop:+80/", HttpcgFault.BadPort)]
    [InlineData("httpcg://app/shop:80:80/", HttpcgFault.BadPort)]
    [InlineData("httpcg://app/shop/a b", HttpcgFault.BadCharacter)]
    [InlineData("httpcg://app/shop/a\0", HttpcgFault.BadCharacter)]
    [InlineData("httpcg://app/shop/\u00e4", HttpcgFault.BadCharacter)]
    [InlineData("httpcg://app/shop/#a#b", HttpcgFault.BadCharacter)]
    [InlineData("httpcg://app/shop/a\\b", HttpcgFault.Backslash)]
    [InlineData("httpcg://app/shop/a%", HttpcgFault.BadEscape)]
    [InlineData("httpcg://app/shop/a%2", HttpcgFault.BadEscape)]
    [InlineData("httpcg://app/shop/%2Fa%g0", HttpcgFault.BadEscape)]
    [InlineData("httpcg://app/shop?%zz", HttpcgFault.BadEscape)]
    [InlineData("httpcg://app/shop/%2F%zz", HttpcgFault.BadEscape)]
    [InlineData("httpcg://app/shop/%00", HttpcgFault.EncodedNul)]
    [InlineData("httpcg://app/shop/%2F%00", HttpcgFault.EncodedNul)]
    public void The_fault_of_any_other_is_named(string text, HttpcgFault fault)
    {
        Assert.Equal(fault, HttpcgUrl.Parse(Heads.Bytes(text), out _));
        Assert.NotEmpty(HttpcgFaults.TextOf(fault));
    }

    [Fact]
    public void Each_fault_has_words_of_its_own_and_no_fault_has_none()
    {
        Assert.Distinct(Enum.GetValues<HttpcgFault>().Select(HttpcgFaults.TextOf));
        Assert.Empty(HttpcgFaults.TextOf(HttpcgFault.None));
    }

    [Fact]
    public void An_unknown_plane_is_answered_with_the_known_ones() =>
        Assert.Equal("its plane must be one of app, bpi, gw, wallet, m2m", HttpcgFaults.TextOf(HttpcgFault.UnknownPlane));

    [Fact]
    public void A_plane_has_the_name_by_which_it_is_found_and_no_plane_has_none()
    {
        Assert.All(HttpcgPlanes.All, plane => Assert.Equal(plane, HttpcgPlanes.Of(HttpcgPlanes.NameOf(plane))));
        Assert.True(HttpcgPlanes.NameOf(HttpcgPlane.None).IsEmpty);
    }

    [Fact]
    public void A_printed_URL_is_parsed_to_the_same_and_printed_alike() =>
        GenUrl.Sample(text =>
        {
            Assert.Equal(HttpcgFault.None, HttpcgUrl.Parse(Heads.Bytes(text), out var url));
            var printed = url.ToString();
            Assert.Equal(url.Length, printed.Length);
            Assert.Equal(HttpcgFault.None, HttpcgUrl.Parse(Heads.Bytes(printed), out var again));
            Assert.True(url.IsSame(again) && again.IsSame(url), printed);
            Assert.Equal(printed, again.ToString());
        }, iter: 10_000);

    [Fact]
    public void Case_of_scheme_plane_and_authority_does_not_matter_and_all_else_does() =>
        Gen.Select(GenUrl, GenUrl).Sample((one, other) =>
        {
            HttpcgUrl.Parse(Heads.Bytes(one), out var url);
            HttpcgUrl.Parse(Heads.Bytes(other), out var another);
            Assert.Equal(Meaning(one) == Meaning(other), url.IsSame(another));
            var (start, rest) = Split(one);
            HttpcgUrl.Parse(Heads.Bytes(start.ToUpperInvariant() + rest), out var upper);
            Assert.True(url.IsSame(upper), one);
            HttpcgUrl.Parse(Heads.Bytes(start + rest.ToUpperInvariant()), out var shouted);
            Assert.Equal(!rest.Any(char.IsAsciiLetterLower), url.IsSame(shouted));
        }, iter: 10_000);

    [Fact]
    public void Of_any_bytes_the_parts_are_free_of_what_ends_them() =>
        Gen.Char["agpw.:@/?#[]%0 \\\r\n\u0080"].Array[0, 14].Select(c => new string(c)).Sample(rest =>
        {
            var text = "httpcg://gw/" + rest;
            if (HttpcgUrl.Parse(Heads.Bytes(text), out var url) != HttpcgFault.None)
            {
                return;
            }

            Assert.DoesNotContain(Text(url.Authority), c => "@/\\?#% \r\n".Contains(c, StringComparison.Ordinal) || c > '~');
            Assert.True(HostText.IsValid(url.Authority));
            Assert.StartsWith("/", Text(url.Path), StringComparison.Ordinal);
            Assert.DoesNotContain(Text(url.Path) + Text(url.Query), c => c is '#' or <= ' ' or > '~');
        }, iter: 50_000);

    private static string Text(ReadOnlySpan<byte> bytes) => Encoding.Latin1.GetString(bytes);

    private static (string Start, string Behind) Split(string url)
    {
        var end = url.IndexOfAny(['/', '?', '#'], url.IndexOf('/', "httpcg://".Length) + 1);
        return end < 0 ? (url, "") : (url[..end], url[end..]);
    }

    private static string Meaning(string url) =>
        Split(url) is var (start, rest) ? start.ToLowerInvariant() + (rest.StartsWith('/') ? rest : "/" + rest) : "";
}
