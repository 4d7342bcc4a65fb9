using Gateway.Http;

namespace Gateway.Tests.Http;

/// <summary>The meaning of a valid head for its connection and its body.</summary>
public sealed class HeadMeaningTests
{
    [Theory]
    [InlineData("1.1", "", true)]
    [InlineData("1.1", "keep-alive", true)]
    [InlineData("1.1", "Close", false)]
    [InlineData("1.1", "keep-alive, close", false)]
    [InlineData("1.1", "closed", true)]
    [InlineData("1.1", "upgrade", true)]
    [InlineData("1.0", "", false)]
    [InlineData("1.0", "Keep-Alive", true)]
    [InlineData("1.0", "close", false)]
    [InlineData("1.0", "close ,\tkeep-alive", false)]
    [InlineData("1.0", "upgrade", false)]
    public void A_connection_goes_on_by_version_and_options(string version, string options, bool goesOn)
    {
        var fields = options.Length == 0 ? "" : $"Connection: {options}\r\n";
        Assert.Equal(goesOn, Heads.RequestOf($"GET / HTTP/{version}\r\nHost: a\r\n{fields}\r\n").IsPersistent);
        Assert.Equal(goesOn, Heads.ResponseOf($"HTTP/{version} 200 OK\r\n{fields}\r\n").IsPersistent);

        var apart = string.Concat(options.Split(',').Select(option => $"Connection: {option}\r\n"));
        Assert.Equal(goesOn, Heads.RequestOf($"GET / HTTP/{version}\r\nHost: a\r\n{apart}\r\n").IsPersistent);
    }

    [Fact]
    public void A_request_of_HTTP_1_0_needs_no_host() => Assert.Equal(HttpFault.None, Heads.RequestOf("GET / HTTP/1.0\r\n\r\n").Fault);

    [Theory]
    [InlineData("", BodyKind.None)]
    [InlineData("Content-Length: 0\r\n", BodyKind.None)]
    [InlineData("Content-Length: 7\r\n", BodyKind.Length)]
    [InlineData("Transfer-Encoding: Chunked\r\n", BodyKind.Chunked)]
    public void A_request_has_the_body_that_its_fields_announce(string fields, BodyKind kind) =>
        Assert.Equal(kind, Heads.RequestOf($"GET / HTTP/1.1\r\nHost: a\r\n{fields}\r\n").Body.Kind);

    [Theory]
    [InlineData(200, "", BodyKind.UntilClose)]
    [InlineData(200, "Content-Length: 0\r\n", BodyKind.None)]
    [InlineData(200, "Content-Length: 7\r\n", BodyKind.Length)]
    [InlineData(404, "Transfer-Encoding: chunked\r\n", BodyKind.Chunked)]
    [InlineData(100, "Content-Length: 7\r\n", BodyKind.None)]
    [InlineData(101, "", BodyKind.None)]
    [InlineData(204, "Transfer-Encoding: chunked\r\n", BodyKind.None)]
    [InlineData(205, "Content-Length: 0\r\n", BodyKind.None)]
    [InlineData(304, "Content-Length: 7\r\n", BodyKind.None)]
    public void A_response_has_the_body_that_status_and_fields_announce_and_none_to_a_HEAD(int status, string fields, BodyKind kind)
    {
        var head = Heads.ResponseOf($"HTTP/1.1 {status} X\r\n{fields}\r\n");
        Assert.Equal(HttpFault.None, head.Fault);
        Assert.Equal((kind, BodyKind.None), (head.BodyOf(toHead: false).Kind, head.BodyOf(toHead: true).Kind));
        Assert.Equal(status == 100, head.IsInterim);
    }

    [Theory]
    [InlineData("Content-Length: 7\r\nContent-Length: 7\r\n", "+-", false)]
    [InlineData("Content-Length: 7, 7\r\n", "-", true)]
    [InlineData("Content-Length: 7 ,7\r\nContent-Length: 7\r\n", "--", true)]
    [InlineData("Content-Length: 7\r\nContent-Length: 7, 7\r\n", "+-", false)]
    public void A_response_that_repeats_its_length_is_passed_on_with_one(string fields, string kept, bool writtenAnew)
    {
        var head = Heads.ResponseOf($"HTTP/1.1 200 OK\r\n{fields}\r\n");
        Assert.Equal((HttpFault.None, 7), (head.Fault, head.Fields.ContentLength));
        Assert.Equal(kept, string.Concat(head.Fields.All.ToArray().Select(f => f.IsDropped ? '-' : '+')));
        Assert.Equal(writtenAnew, head.Fields.IsLengthRepeated);
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: WebSocket\r\n\r\n", true)]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\nConnection: keep-alive, upgrade\r\nUpgrade: websocket\r\n\r\n", true)]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\n\r\n", false)]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\n\r\n", false)]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: h2c\r\n\r\n", false)]
    [InlineData("POST / HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n", false)]
    [InlineData("GET / HTTP/1.0\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n", false)]
    public void A_websocket_is_asked_for_by_a_GET_of_HTTP_1_1_with_both_fields(string head, bool asked) =>
        Assert.Equal(asked, Heads.RequestOf(head).IsWebSocket(Heads.Bytes(head)));

    [Theory]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\nExpect: 100-Continue\r\n\r\n", true)]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\nExpect: 200-ok\r\n\r\n", false)]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\n\r\n", false)]
    [InlineData("GET / HTTP/1.0\r\nExpect: 100-continue\r\n\r\n", false)]
    public void A_client_of_HTTP_1_1_can_expect_a_continue(string head, bool expected) =>
        Assert.Equal(expected, Heads.RequestOf(head).ExpectsContinue(Heads.Bytes(head)));

    [Theory]
    [InlineData("GET")]
    [InlineData("PUT")]
    [InlineData("POST")]
    [InlineData("HEAD")]
    [InlineData("PATCH")]
    [InlineData("TRACE")]
    [InlineData("DELETE")]
    [InlineData("OPTIONS")]
    [InlineData("CONNECT")]
    public void A_method_of_the_standards_needs_no_new_string(string method)
    {
        var (one, other) = (Heads.RequestOf($"{method} / HTTP/1.1\r\nHost: a\r\n\r\n"), Heads.RequestOf($"{method} /b HTTP/1.0\r\n\r\n"));
        Assert.Equal(method, one.Method);
        Assert.Same(one.Method, other.Method);
        Assert.Equal(method.ToLowerInvariant(), Heads.RequestOf($"{method.ToLowerInvariant()} / HTTP/1.0\r\n\r\n").Method);
    }

    [Fact]
    public void Parsing_head_after_head_allocates_nothing()
    {
        var (request, response) = (new RequestHead(HttpLimits.Default), new ResponseHead(HttpLimits.Default));
        var asked = Heads.Bytes("POST /a HTTP/1.1\r\nHost: a\r\nConnection: x-a, close\r\nX-A: b\r\nContent-Length: 3\r\n\r\n");
        var answered = Heads.Bytes("HTTP/1.1 200 OK\r\nContent-Length: 3, 3\r\nConnection: keep-alive\r\n\r\n");
        request.Parse(asked);
        response.Parse(answered);

        Allocations.AssertNone(() =>
        {
            for (var i = 0; i < 1_000; i++)
            {
                request.Parse(asked);
                response.Parse(answered);
            }
        });
    }
}
