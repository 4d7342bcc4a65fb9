using Gateway.Upstream.Http1;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;

namespace Gateway.Tests.Upstream.Http1;

public sealed class AnswerFieldsTests
{
    private readonly ResponseHeadParser _parser = new(CodecLimits.Default);
    private readonly AnswerFields _fields = new();

    [Fact]
    public void Fields_of_one_name_keep_their_order_and_hop_by_hop_ones_stay_here()
    {
        var response = Copied("HTTP/1.1 200 OK\r\nSet-Cookie: a\r\nX-A: 1\r\nset-cookie: b\r\nKeep-Alive: timeout=5\r\nVia: 1.0 cache\r\nContent-Length: 3\r\n\r\n");
        Assert.Equal(new StringValues(["a", "b"]), response.Headers.SetCookie);
        Assert.Equal(new StringValues(["1.0 cache", "1.1 gw"]), response.Headers.Via);
        Assert.Equal(3, response.ContentLength);
        Assert.Equal(["Content-Length", "Set-Cookie", "Via", "X-A"], response.Headers.Keys.Order());
    }

    [Fact]
    public void The_same_head_again_fills_the_next_answer_alike_for_whoever_asks()
    {
        const string Head = "HTTP/1.0 299 Fine\r\nX-A: 1\r\n\r\n";
        foreach (var (via, told) in ((string, string)[])[("1.1 gw", "1.0 gw"), ("1.1 gw", "1.0 gw"), ("2.0 other", "1.0 other"), ("1.0 gw", "1.0 gw")])
        {
            var response = Copied(Head, via);
            Assert.Equal((299, "Fine"), (response.StatusCode, response.HttpContext.Features.GetRequiredFeature<IHttpResponseFeature>().ReasonPhrase));
            Assert.Equal(new StringValues([told]), response.Headers.Via);
            Assert.Equal("1", response.Headers["X-A"].ToString());
        }
    }

    [Fact]
    public void Nothing_of_one_answer_is_left_in_the_next()
    {
        Copied("HTTP/1.1 299 Fine\r\nX-A: 1\r\nVia: 1.1 cache\r\nContent-Length: 3\r\n\r\n");
        var response = Copied("HTTP/1.1 204 No Content\r\nX-B: 1\r\nContent-Length: 3\r\n\r\n", closeClient: true);
        Assert.Equal(["Connection", "Via", "X-B"], response.Headers.Keys.Order());
        Assert.Equal("close", response.Headers.Connection.ToString());
        Assert.Equal("1.1 gw", response.Headers.Via.ToString());
        Assert.Null(response.HttpContext.Features.GetRequiredFeature<IHttpResponseFeature>().ReasonPhrase);
    }

    private HttpResponse Copied(string head, string via = "1.1 gw", bool closeClient = false)
    {
        var bytes = Generated.Bytes(head);
        Assert.Equal(HeadResult.Done(bytes.Length), _parser.Parse(bytes));
        var context = new DefaultHttpContext();
        _fields.CopyTo(context, _parser.Head, bytes, via, closeClient);
        return context.Response;
    }
}
