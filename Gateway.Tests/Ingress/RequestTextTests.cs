using System.Text;
using Gateway.Http;
using Gateway.Node.Ingress;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Gateway.Tests.Ingress;

public sealed class RequestTextTests
{
    [Fact]
    public void A_request_of_HTTP_2_is_one_of_HTTP_1()
    {
        var request = Request("GET", "/a/../b%2Fc?d", HttpProtocol.Http2, ("Host", "x"), ("Cookie", "a=1; b=2"), ("X-A", "\u00e9"), ("TE", "trailers"));

        Assert.Equal("GET /a/../b%2Fc?d HTTP/1.1\r\nHost: x\r\nCookie: a=1; b=2\r\nX-A: \u00e9\r\nTE: trailers\r\n\r\n", TextOf(request, hasBody: false));
    }

    [Theory]
    [InlineData(null, true, "Transfer-Encoding: chunked\r\n")]
    [InlineData("5", true, "Content-Length: 5\r\n")]
    [InlineData("0", false, "Content-Length: 0\r\n")]
    [InlineData(null, false, "")]
    public void A_body_is_framed_as_its_length_is_known(string? length, bool hasBody, string framing)
    {
        var request = Request("POST", "/", HttpProtocol.Http2, [("Host", "x"), .. length is null ? [] : new[] { ("Content-Length", length) }]);
        Assert.Equal($"POST / HTTP/1.1\r\nHost: x\r\n{framing}\r\n", TextOf(request, hasBody));
    }

    [Fact]
    public void A_length_beside_a_coding_stays_beside_it() => Assert.Equal(
        HttpFault.LengthWithCoding,
        FaultOf(Request("POST", "/", HttpProtocol.Http11, ("Host", "x"), ("Transfer-Encoding", "chunked"), ("X-Content-Length", "5")), hasBody: true));

    [Fact]
    public void A_request_without_a_name_for_its_host_has_an_empty_one() =>
        Assert.Equal("GET / HTTP/1.1\r\nHost: \r\n\r\n", TextOf(Request("GET", "/", HttpProtocol.Http2), hasBody: false));

    [Fact]
    public void A_client_of_HTTP_1_0_stays_one() =>
        Assert.Equal("GET / HTTP/1.0\r\n\r\n", TextOf(Request("GET", "/", HttpProtocol.Http10), hasBody: false));

    [Theory]
    [InlineData("GE T", "/", "X-A", "1")]
    [InlineData("GET", "/ HTTP/1.1\r\nX: 1", "X-A", "1")]
    [InlineData("GET", "/a b", "X-A", "1")]
    [InlineData("GET", "/", "X-A", "1\r\nX: 2")]
    [InlineData("GET", "/", "X-A", "1\n\nGET /smuggled HTTP/1.1")]
    [InlineData("GET", "/", "X-A", "1\0")]
    [InlineData("GET", "/", "X-A: 1\r\nX-B", "1")]
    [InlineData("GET", "/", "X-A:", "1")]
    [InlineData("GET", "/", "X A", "1")]
    public void Characters_that_would_break_a_line_are_refused(string method, string target, string name, string value)
    {
        var request = Request(method, target, HttpProtocol.Http2, ("Host", "x"), (name, value));
        Assert.NotEqual(HttpFault.None, FaultOf(request, hasBody: false));
    }

    private static HttpFault FaultOf(HttpRequest request, bool hasBody)
    {
        var head = new RequestHead(HttpLimits.Default);
        return head.Parse(Encoding.Latin1.GetBytes(TextOf(request, hasBody))) == HeadState.Faulty ? head.Fault : HttpFault.None;
    }

    private static string TextOf(HttpRequest request, bool hasBody)
    {
        var text = new RequestText();
        text.Write(request, hasBody);
        return Encoding.Latin1.GetString(text.Written);
    }

    private static HttpRequest Request(string method, string target, string protocol, params (string Name, string Value)[] fields)
    {
        var context = new DefaultHttpContext();
        var feature = context.Features.GetRequiredFeature<IHttpRequestFeature>();
        (feature.Method, feature.RawTarget, feature.Protocol) = (method, target, protocol);
        foreach (var (name, value) in fields)
        {
            feature.Headers[name] = value;
        }

        return context.Request;
    }
}
