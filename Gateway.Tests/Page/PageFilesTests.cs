using System.Net;
using System.Net.Http.Headers;
using Gateway.Tests.EndToEnd;

namespace Gateway.Tests.Page;

/// <summary>The files of the page, as served to any client.</summary>
public sealed class PageFilesTests
{
    [Fact]
    public async Task Nothing_from_elsewhere_may_run_in_the_page_or_show_it_in_a_frame()
    {
        await using var gateway = await TestGateway.StartAsync([]);
        using var answer = await gateway.Admin.GetAsync(new Uri("/", UriKind.Relative));
        Assert.Equal((HttpStatusCode.OK, "text/html"), (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
        var policy = Assert.Single(answer.Headers.GetValues("Content-Security-Policy")).Split("; ");
        Assert.Superset(
            new HashSet<string> { "default-src 'none'", "script-src 'self'", "connect-src 'self'", "form-action 'none'", "frame-ancestors 'none'" },
            policy.ToHashSet());
        Assert.DoesNotContain(policy, part => part.Contains("unsafe", StringComparison.Ordinal) || part.Contains("http", StringComparison.Ordinal));
        Assert.Equal("nosniff", Assert.Single(answer.Headers.GetValues("X-Content-Type-Options")));
    }

    [Fact]
    public async Task A_file_that_the_browser_has_already_is_not_sent_again()
    {
        await using var gateway = await TestGateway.StartAsync([]);
        using var first = await gateway.Admin.GetAsync(new Uri("/app.js", UriKind.Relative));
        Assert.Equal("text/javascript", first.Content.Headers.ContentType?.MediaType);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/app.js");
        request.Headers.IfNoneMatch.Add(new EntityTagHeaderValue(first.Headers.ETag!.Tag));
        using var again = await gateway.Admin.SendAsync(request);
        Assert.Equal((HttpStatusCode.NotModified, 0), (again.StatusCode, (await again.Content.ReadAsByteArrayAsync()).Length));
    }
}
