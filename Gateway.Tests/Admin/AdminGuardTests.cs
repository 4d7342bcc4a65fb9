using Gateway.Node.Admin;
using Gateway.Node.Settings;
using Microsoft.AspNetCore.Http;

namespace Gateway.Tests.Admin;

/// <summary>Access to the admin API.</summary>
public sealed class AdminGuardTests : IDisposable
{
    private const string Secret = "0123456789abcdef";

    private readonly string _file = Path.GetTempFileName();

    public void Dispose() => File.Delete(_file);

    [Theory]
    [InlineData("localhost:9110")]
    [InlineData("LOCALHOST")]
    [InlineData("127.0.0.1:9110")]
    [InlineData("127.8.8.8")]
    [InlineData("[::1]:9110")]
    public void Without_a_token_a_loopback_name_is_answered(string host) => Assert.Null(new AdminGuard(null).Check(Request(host)));

    [Theory]
    [InlineData("evil.example:9110")]
    [InlineData("localhost.evil.example")]
    [InlineData("10.0.0.1:9110")]
    [InlineData("0.0.0.0:9110")]
    [InlineData("")]
    public void Another_name_that_points_here_is_not(string host) => Assert.Equal(403, new AdminGuard(null).Check(Request(host))?.Status);

    [Theory]
    [InlineData("Origin", "http://evil.example", 403)]
    [InlineData("Origin", "null", 403)]
    [InlineData("Origin", "http://localhost:8000", 403)]
    [InlineData("Origin", "http://localhost:9110", null)]
    [InlineData("Sec-Fetch-Site", "cross-site", 403)]
    [InlineData("Sec-Fetch-Site", "same-site", 403)]
    [InlineData("Sec-Fetch-Site", "same-origin", null)]
    [InlineData("Sec-Fetch-Site", "none", null)]
    public void A_page_of_another_site_is_not_answered(string field, string value, int? status)
    {
        var request = Request("localhost:9110");
        request.Headers[field] = value;
        Assert.Equal(status, new AdminGuard(null).Check(request)?.Status);
    }

    [Theory]
    [InlineData(null, 415)]
    [InlineData("text/plain", 415)]
    [InlineData("application/x-www-form-urlencoded", 415)]
    [InlineData("application/json", null)]
    public void A_change_must_come_as_json(string? type, int? status)
    {
        var request = Request("localhost:9110");
        request.Method = "POST";
        request.ContentType = type;
        Assert.Equal(status, new AdminGuard(null).Check(request)?.Status);
    }

    [Fact]
    public void A_change_must_come_as_json_with_a_token_too()
    {
        var request = Request("gateway-1:9110");
        (request.Method, request.Headers.Authorization) = ("POST", $"Bearer {Secret}");
        Assert.Equal(415, new AdminGuard(TokenOf(Secret).Token).Check(request)?.Status);
    }

    [Theory]
    [InlineData("Bearer " + Secret, null)]
    [InlineData("bearer " + Secret, null)]
    [InlineData(null, 401)]
    [InlineData("", 401)]
    [InlineData("Bearer", 401)]
    [InlineData("Bearer ", 401)]
    [InlineData("Bearer " + Secret + "0", 401)]
    [InlineData("Bearer 0123456789abcdeg", 401)]
    [InlineData("Basic " + Secret, 401)]
    public void With_a_token_it_alone_decides(string? authorization, int? status)
    {
        var request = Request("gateway-1:9110");
        request.Headers.Authorization = authorization;
        Assert.Equal(status, new AdminGuard(TokenOf(Secret + "\n").Token).Check(request)?.Status);
    }

    [Fact]
    public void The_files_of_the_page_need_no_token_for_they_ask_for_it() =>
        Assert.Null(new AdminGuard(TokenOf(Secret).Token).Check(Request("gateway-1:9110"), open: true));

    [Theory]
    [InlineData("localhost:9110", "cross-site", null)]
    [InlineData("evil.example:9110", "none", 403)]
    public void Links_to_the_page_may_be_anywhere_but_its_name_is_a_loopback_name(string host, string site, int? status)
    {
        var request = Request(host);
        request.Headers["Sec-Fetch-Site"] = site;
        Assert.Equal(status, new AdminGuard(null).Check(request, open: true)?.Status);
    }

    [Theory]
    [InlineData("")]
    [InlineData("short")]
    [InlineData("two words of some length")]
    [InlineData("two-lines-of-a\ntoken-file-that")]
    [InlineData("tökens-are-of-ascii")]
    public void A_file_without_a_usable_token_is_reported_without_its_text(string content)
    {
        var fault = TokenOf(content).Fault;
        Assert.Equal($"--admin-token-file: '{_file}' contains no token; allowed: one line of 16 to 1024 visible ASCII characters", fault);
    }

    [Fact]
    public void A_missing_file_is_reported() =>
        Assert.StartsWith("--admin-token-file: '/no/such/file' does not exist; ", AdminToken.Load(Settings("/no/such/file")).Fault, StringComparison.Ordinal);

    [Fact]
    public void A_token_does_not_print_itself() => Assert.DoesNotContain(Secret, TokenOf(Secret).Token!.ToString(), StringComparison.Ordinal);

    private static HttpRequest Request(string host)
    {
        var request = new DefaultHttpContext().Request;
        (request.Method, request.Scheme, request.Host) = ("GET", "http", new(host));
        return request;
    }

    private static GatewaySettings Settings(string? tokenFile) => new() { GatewayId = "g", Pools = [], AdminTokenFile = tokenFile };

    private (AdminToken? Token, string? Fault) TokenOf(string content)
    {
        File.WriteAllText(_file, content);
        return AdminToken.Load(Settings(_file));
    }
}
