using Gateway.Http;

namespace Gateway.Tests.Http;

public sealed class HeadFaultTests
{
    [Theory]
    [InlineData("GET / HTTP/1.1\r\n\r\n", HttpFault.BadHost)]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", HttpFault.BadHost)]
    [InlineData("GET / HTTP/1.0\r\nHost: a b\r\n\r\n", HttpFault.BadHost)]
    [InlineData("GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", HttpFault.BadHost)]
    [InlineData("GET  / HTTP/1.1\r\nHost: a\r\n\r\n", HttpFault.BadRequestLine)]
    [InlineData("GET /  HTTP/1.1\r\nHost: a\r\n\r\n", HttpFault.BadRequestLine)]
    [InlineData("GET / HTTP/1.1 \r\nHost: a\r\n\r\n", HttpFault.BadRequestLine)]
    [InlineData("GET /\r\n\r\n      ", HttpFault.BadRequestLine)]
    [InlineData("GET / HTTP/1.1\nHost: a\n\n", HttpFault.BadRequestLine)]
    [InlineData("GET /\0 HTTP/1.1\r\n\r\n", HttpFault.BadRequestLine)]
    [InlineData("\r\n\r\nGET / HTTP/1.1\r\n", HttpFault.BadRequestLine)]
    [InlineData(" GET / HTTP/1.1\r\n", HttpFault.BadRequestLine)]
    [InlineData("G(T / HTTP/1.1\r\n", HttpFault.BadRequestLine)]
    [InlineData("GET / HTTP/1.2\r\nHost: a\r\n\r\n", HttpFault.BadVersion)]
    [InlineData("GET / HTTP/2.0\r\nHost: a\r\n\r\n", HttpFault.BadVersion)]
    [InlineData("GET / http/1.1\r\nHost: a\r\n\r\n", HttpFault.BadVersion)]
    [InlineData("GET / HTTP/1.1\r\n Host: a\r\n\r\n", HttpFault.FoldedLine)]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\n b\r\n\r\n", HttpFault.FoldedLine)]
    [InlineData("GET / HTTP/1.1\r\nHost : a\r\n\r\n", HttpFault.SpaceBeforeColon)]
    [InlineData("GET / HTTP/1.1\r\nHost\r\n\r\n", HttpFault.MissingColon)]
    [InlineData("GET / HTTP/1.1\r\n: a\r\n\r\n", HttpFault.BadFieldName)]
    [InlineData("GET / HTTP/1.1\r\nX(: a\r\n\r\n", HttpFault.BadFieldName)]
    [InlineData("GET / HTTP/1.1\r\nX: a\rb\r\n\r\n", HttpFault.ControlByte)]
    [InlineData("GET / HTTP/1.1\r\nX: a\nb\r\n\r\n", HttpFault.ControlByte)]
    [InlineData("GET / HTTP/1.1\r\nX: a\0b\r\n\r\n", HttpFault.ControlByte)]
    [InlineData("GET / HTTP/1.1\r\nX: a\u007fb\r\n\r\n", HttpFault.ControlByte)]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\n\rX", HttpFault.ControlByte)]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\n", HttpFault.BadContentLength)]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", HttpFault.BadContentLength)]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 1, 1\r\n\r\n", HttpFault.BadContentLength)]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n", HttpFault.BadContentLength)]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\nContent-Length: +1\r\n\r\n", HttpFault.BadContentLength)]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\nContent-Length:\r\n\r\n", HttpFault.BadContentLength)]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 9223372036854775808\r\n\r\n", HttpFault.BadContentLength)]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", HttpFault.LengthWithCoding)]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 1\r\n\r\n", HttpFault.LengthWithCoding)]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n", HttpFault.UnknownCoding)]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", HttpFault.UnknownCoding)]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding:\r\n\r\n", HttpFault.UnknownCoding)]
    [InlineData("GET / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n", HttpFault.CodingInHttp10)]
    public void A_request_that_could_be_read_in_two_ways_is_refused_and_counted(string head, HttpFault fault)
    {
        Assert.Equal(fault, Heads.RequestOf(head).Fault);
        Assert.True(HttpFaults.IsOfRequests(fault));
    }

    [Theory]
    [InlineData("HTTP/2.0 200 OK\r\n\r\n", HttpFault.BadVersion)]
    [InlineData("http/1.1 200 OK\r\n\r\n", HttpFault.BadVersion)]
    [InlineData("ICY 200 OK", HttpFault.BadVersion)]
    [InlineData("HTTP/1.1  200 OK\r\n\r\n", HttpFault.BadStatusLine)]
    [InlineData("HTTP/1.1 99 No\r\n\r\n", HttpFault.BadStatusLine)]
    [InlineData("HTTP/1.1 099 No\r\n\r\n", HttpFault.BadStatusLine)]
    [InlineData("HTTP/1.1 2000 OK\r\n\r\n", HttpFault.BadStatusLine)]
    [InlineData("HTTP/1.1 200OK\r\n\r\n", HttpFault.BadStatusLine)]
    [InlineData("HTTP/1.1 200 O\0K\r\n\r\n", HttpFault.ControlByte)]
    [InlineData("HTTP/1.1 200 OK\nX: a\r\n\r\n", HttpFault.ControlByte)]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", HttpFault.DifferingContentLengths)]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 1, 2\r\n\r\n", HttpFault.DifferingContentLengths)]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 1,\r\n\r\n", HttpFault.BadContentLength)]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", HttpFault.LengthWithCoding)]
    [InlineData("HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", HttpFault.CodingInHttp10)]
    [InlineData("HTTP/1.1 205 Reset\r\nContent-Length: 1\r\n\r\n", HttpFault.BodyNotAllowed)]
    public void A_response_that_could_be_read_in_two_ways_is_refused(string head, HttpFault fault) => Assert.Equal(fault, Heads.ResponseOf(head).Fault);

    [Fact]
    public void Every_fault_has_a_status_of_the_client_errors_or_says_what_is_not_served_and_a_text_of_its_own()
    {
        var faults = Enum.GetValues<HttpFault>().Where(f => f != HttpFault.None).ToList();
        Assert.All(faults, fault => Assert.True(HttpFaults.StatusOf(fault) is (>= 400 and < 500) or 501 or 505));
        Assert.Equal(faults.Count, faults.Select(HttpFaults.TextOf).Distinct().Count(text => text.Length > 0));
        Assert.Empty(HttpFaults.TextOf(HttpFault.None));
    }

    [Fact]
    public void The_faults_that_only_answers_have_are_not_counted_for_requests()
    {
        HttpFault[] ofAnswers = [HttpFault.BadStatusLine, HttpFault.DifferingContentLengths, HttpFault.TooMuchInterim, HttpFault.BodyNotAllowed];
        Assert.Equal([HttpFault.None, .. ofAnswers], Enum.GetValues<HttpFault>().Where(fault => !HttpFaults.IsOfRequests(fault)));
    }
}
