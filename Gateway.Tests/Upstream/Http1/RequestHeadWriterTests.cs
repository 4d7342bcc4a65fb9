using CsCheck;
using Gateway.Upstream;
using Gateway.Upstream.Http1;
using Microsoft.AspNetCore.Http;

namespace Gateway.Tests.Upstream.Http1;

public sealed class RequestHeadWriterTests
{
    private static readonly ForwardedFields Own = new("1.1 gw", "10.0.0.1", "http", "shop.example", "for=10.0.0.1");

    private static string[] OwnLines =>
        ["Via: 1.1 gw", "X-Forwarded-For: 10.0.0.1", "X-Forwarded-Proto: http", "Forwarded: for=10.0.0.1", "X-Forwarded-Host: shop.example"];

    [Fact]
    public void A_request_is_its_line_its_host_the_clients_fields_and_ours()
    {
        var written = Write(new() { ["Accept"] = "*/*", ["X-A"] = new(["1", "", "caf\u00e9"]) });

        Assert.Equal(
            "GET /a%2Fb?c=d HTTP/1.1\r\nHost: shop.example\r\nAccept: */*\r\nX-A: 1\r\nX-A: \r\nX-A: caf\u00e9\r\n"
            + string.Concat(OwnLines.Select(line => line + "\r\n")) + "\r\n",
            written);
    }

    [Fact]
    public void Fields_of_one_connection_and_those_that_the_gateway_sets_are_left_out()
    {
        var written = Write(new()
        {
            ["Connection"] = new(["keep-alive, X-Hop", "x-other"]),
            ["x-hop"] = "1",
            ["X-Other"] = "2",
            ["Keep-Alive"] = "timeout=5",
            ["Proxy-Connection"] = "close",
            ["TE"] = "gzip",
            ["Transfer-Encoding"] = "chunked",
            ["Upgrade"] = "h2c",
            ["Host"] = "evil",
            ["Content-Length"] = "7",
            ["Expect"] = "100-continue",
            ["Forwarded"] = "for=evil",
            ["X-Forwarded-For"] = "evil",
            ["X-Forwarded-Host"] = "evil",
            ["X-Forwarded-Proto"] = "evil",
            [":authority"] = "evil",
            ["X-Stays"] = "3",
        });

        Assert.Equal(["Host: shop.example", "X-Stays: 3", .. OwnLines], LinesOf(written)[1..]);
    }

    [Fact]
    public void Via_is_appended_to_and_trailers_are_still_wanted()
    {
        var written = Write(new() { ["Via"] = new(["1.0 a", "2 b"]), ["TE"] = "gzip;q=1, Trailers" });
        Assert.Equal(
            ["Host: shop.example", "Via: 1.0 a, 2 b, 1.1 gw", .. OwnLines[1..], "Connection: TE", "TE: trailers"],
            LinesOf(written)[1..]);
    }

    [Theory]
    [InlineData("OPTIONS", "10", "9")]
    [InlineData("TRACE", "99999999999999999999", "2147483647")]
    [InlineData("OPTIONS", "x", "x")]
    [InlineData("GET", "10", "10")]
    public void A_hop_is_taken_where_hops_are_counted(string method, string came, string goes) =>
        Assert.Equal(goes, ClientFields.HopsOf(new HeaderDictionary { ["Max-Forwards"] = came }, method));

    [Fact]
    public void The_framing_is_said()
    {
        Assert.DoesNotContain("Content-Length", Write([]));
        Assert.EndsWith("\r\nContent-Length: 0\r\n\r\n", Write([], BodyFraming.Length(0)));
        Assert.EndsWith("\r\nContent-Length: 9223372036854775807\r\n\r\n", Write([], BodyFraming.Length(long.MaxValue)));
        Assert.EndsWith("\r\nTransfer-Encoding: chunked\r\n\r\n", Write([], BodyFraming.Chunked));
        Assert.EndsWith("\r\nTransfer-Encoding: chunked\r\nExpect: 100-continue\r\n\r\n", Write([], BodyFraming.Chunked, expects: true));
    }

    [Fact]
    public void A_client_that_named_no_host_gets_no_forwarded_host()
    {
        using var buffer = new PooledBuffer(16);
        var head = new RequestHead("OPTIONS", "*", "10.0.0.2:80", new HeaderDictionary(), Own with { Host = null }, BodyFraming.None);
        Assert.Equal(WriteFault.None, RequestHeadWriter.Write(buffer, head));
        Assert.Equal(["Host: 10.0.0.2:80", .. OwnLines[..^1]], KestrelRequest.Of(buffer.Written).Fields);
        Assert.StartsWith("OPTIONS * HTTP/1.1\r\n", Generated.Latin1(buffer.Written.ToArray()));
    }

    [Theory]
    [InlineData("\r")]
    [InlineData("\n")]
    [InlineData("\0")]
    [InlineData("\r\nX: y")]
    [InlineData("\u010a")]
    [InlineData("\u010d")]
    [InlineData("\u2028")]
    public void What_could_end_a_line_is_written_nowhere(string bad)
    {
        var good = new RequestHead("GET", "/", "h", new HeaderDictionary(), Own, BodyFraming.None);
        Refuses(WriteFault.BadMethod, good with { Method = "GET" + bad });
        Refuses(WriteFault.BadTarget, good with { Target = "/" + bad });
        Refuses(WriteFault.BadFieldValue, good with { Host = bad + "h" });
        Refuses(WriteFault.BadFieldName, good with { Client = new HeaderDictionary { [$"X{bad}"] = "y" } });
        Refuses(WriteFault.BadFieldValue, good with { Client = new HeaderDictionary { ["X"] = new(["y", $"y{bad}z"]) } });
        Refuses(WriteFault.BadFieldValue, good with { Client = new HeaderDictionary { ["Via"] = bad } });
        Refuses(WriteFault.BadFieldValue, good with { Own = Own with { Via = bad } });
        Refuses(WriteFault.BadFieldValue, good with { Own = Own with { For = bad } });
        Refuses(WriteFault.BadFieldValue, good with { Own = Own with { Proto = bad } });
        Refuses(WriteFault.BadFieldValue, good with { Own = Own with { Host = bad } });
        Refuses(WriteFault.BadFieldValue, good with { Own = Own with { Forwarded = bad } });
    }

    [Theory]
    [InlineData("", "/", "X", WriteFault.BadMethod)]
    [InlineData("G T", "/", "X", WriteFault.BadMethod)]
    [InlineData("GET", "", "X", WriteFault.BadTarget)]
    [InlineData("GET", "/a b", "X", WriteFault.BadTarget)]
    [InlineData("GET", "/\t", "X", WriteFault.BadTarget)]
    [InlineData("GET", "/\u007f", "X", WriteFault.BadTarget)]
    [InlineData("GET", "/", "X ", WriteFault.BadFieldName)]
    [InlineData("GET", "/", "X:", WriteFault.BadFieldName)]
    [InlineData("GET", "/", "\u00e9", WriteFault.BadFieldName)]
    internal void What_would_be_read_as_something_else_is_not_written(string method, string target, string name, WriteFault fault) =>
        Refuses(fault, new(method, target, "h", new HeaderDictionary { [name] = "y" }, Own, BodyFraming.None));

    [Fact]
    public void Kestrel_reads_what_was_written()
    {
        var target = Gen.Char['!', '~'].Array[0, 30].Select(chars => "/" + new string(chars));
        Gen.Select(Gen.OneOf("GET", "POST", "PATCH", "M-SEARCH"), target, Generated.Field.Array[0, 12]).Sample((method, path, fields) =>
        {
            var client = new HeaderDictionary();
            foreach (var (name, value) in fields)
            {
                client.Append(name, value);
            }

            using var buffer = new PooledBuffer(1);
            Assert.Equal(WriteFault.None, RequestHeadWriter.Write(buffer, new(method, path, "h:80", client, Own, BodyFraming.Length(3))));
            var read = KestrelRequest.Of(buffer.Written);

            var expected = client.SelectMany(field => field.Value.Select(value => $"{field.Key}: {value}"));
            Assert.Equal($"{method} {path}", read.Line);
            Assert.Equal(["Host: h:80", .. expected, .. OwnLines, "Content-Length: 3"], read.Fields);
        });
    }

    private static void Refuses(WriteFault fault, in RequestHead head)
    {
        using var buffer = new PooledBuffer(16);
        buffer.Write("before"u8);
        Assert.Equal(fault, RequestHeadWriter.Write(buffer, head));
        Assert.Equal("before"u8, buffer.Written);
    }

    private static string Write(HeaderDictionary client, BodyFraming framing = default, bool expects = false)
    {
        using var buffer = new PooledBuffer(16);
        var head = new RequestHead("GET", "/a%2Fb?c=d", "shop.example", client, Own, framing, expects);
        Assert.Equal(WriteFault.None, RequestHeadWriter.Write(buffer, head));
        return Generated.Latin1(buffer.Written.ToArray());
    }

    private static string[] LinesOf(string head)
    {
        Assert.EndsWith("\r\n\r\n", head);
        return head[..^4].Split("\r\n");
    }
}
