using System.Text;
using CsCheck;
using Gateway.Upstream.Http1;

namespace Gateway.Tests.Upstream.Http1;

public sealed class ResponseHeadParserTests
{
    [Fact]
    public void A_head_is_its_status_its_reason_and_its_fields_in_order()
    {
        var parsed = ParsedHead.Of("HTTP/1.1 404 Not Found\r\nX-B: 2\r\nServer: a b\r\nx-b:1\r\n\r\nbody");

        Assert.Equal(HeadResult.Done(54), parsed.Result);
        Assert.Equal((404, true, "Not Found"), (parsed.Head.Status, parsed.Head.IsHttp11, parsed.Reason));
        Assert.Equal(["X-B: 2", "Server: a b", "x-b: 1"], parsed.Lines);
    }

    [Theory]
    [InlineData("HTTP/1.1 200", "")]
    [InlineData("HTTP/1.1 200 ", "")]
    [InlineData("HTTP/1.1 200 All's well\t!", "All's well\t!")]
    [InlineData("HTTP/1.1 200 \u00e9t\u00e9", "\u00e9t\u00e9")]
    public void A_reason_may_be_missing_empty_or_beyond_ASCII(string line, string reason) =>
        Assert.Equal(reason, ParsedHead.Valid(line).Reason);

    [Theory]
    [InlineData("HTTP/1.0 200 OK", false)]
    [InlineData("HTTP/1.1 200 OK", true)]
    [InlineData("HTTP/1.2 200 OK", true)]
    public void A_later_minor_version_is_read_as_the_one_that_is_known(string line, bool isHttp11) =>
        Assert.Equal(isHttp11, ParsedHead.Valid(line).Head.IsHttp11);

    [Theory]
    [InlineData("X: a", "X: a")]
    [InlineData("X:a", "X: a")]
    [InlineData("X:", "X: ")]
    [InlineData("X: \t ", "X: ")]
    [InlineData("X: \ta \t b\t ", "X: a \t b")]
    [InlineData("X: a:b", "X: a:b")]
    [InlineData("X: caf\u00e9 \u0080", "X: caf\u00e9 \u0080")]
    [InlineData("!#$%&'*+-.^_`|~09azAZ: v", "!#$%&'*+-.^_`|~09azAZ: v")]
    public void A_value_is_what_stands_between_the_white_space(string field, string expected) =>
        Assert.Equal([expected], ParsedHead.With(field).Lines);

    [Theory]
    [InlineData("Content-Length: 0", 0L)]
    [InlineData("Content-Length: 005", 5L)]
    [InlineData("content-length:9223372036854775807", long.MaxValue)]
    [InlineData("CONTENT-LENGTH: 7 ", 7L)]
    [InlineData("X: 1", null)]
    public void A_length_is_digits(string field, long? length) => Assert.Equal(length, ParsedHead.With(field).Head.ContentLength);

    [Fact]
    public void Equal_lengths_are_one_length_and_go_on_as_one()
    {
        var parsed = ParsedHead.With("Content-Length: 5, 5", "X: y", "Content-Length: 05");

        Assert.Equal(5, parsed.Head.ContentLength);
        Assert.Equal(["Content-Length: 5", "X: y"], parsed.Lines);
    }

    [Fact]
    public void Chunked_is_known_in_any_case() => Assert.True(ParsedHead.With("transfer-encoding: Chunked").Head.IsChunked);

    [Theory]
    [InlineData("close", ConnectionOptions.Close)]
    [InlineData("Keep-Alive", ConnectionOptions.KeepAlive)]
    [InlineData("keep-alive, Upgrade", ConnectionOptions.KeepAlive | ConnectionOptions.Upgrade)]
    [InlineData(" , CLOSE ,\tX-A", ConnectionOptions.Close | ConnectionOptions.Fields)]
    [InlineData("closed", ConnectionOptions.Fields)]
    [InlineData("", ConnectionOptions.None)]
    internal void Connection_options_are_told_apart(string value, ConnectionOptions options) =>
        Assert.Equal(options, ParsedHead.With($"Connection: {value}").Head.Connection);

    [Fact]
    public void Options_of_several_Connection_fields_add_up() =>
        Assert.Equal(
            ConnectionOptions.Close | ConnectionOptions.KeepAlive,
            ParsedHead.With("Connection: close", "X: y", "Connection: keep-alive").Head.Connection);

    [Fact]
    public void Fields_of_the_connection_and_those_it_names_go_no_further()
    {
        var parsed = ParsedHead.With(
            "x-hop: 1", "Keep-Alive: timeout=5", "X-Stays: 1", "Connection: keep-alive, X-Hop", "Date: today", "connection: date",
            "TE: trailers", "Upgrade: h2c", "Proxy-Connection: close", "Transfer-Encoding: chunked", "X-HOP: 2");

        Assert.Equal(["X-Stays: 1"], parsed.EndToEnd);
        Assert.Equal(11, parsed.Head.Fields.Count);
    }

    [Theory]
    [InlineData("timeout=5", 5)]
    [InlineData("max=100, Timeout=60", 60)]
    [InlineData("timeout=0", 0)]
    [InlineData("timeout=99999999999", 86_400)]
    [InlineData("timeout=-1", null)]
    [InlineData("timeout=", null)]
    [InlineData("timeout=5s", null)]
    [InlineData("max=5", null)]
    [InlineData("timeout=99999999999999999999", null)]
    public void The_endpoint_says_how_long_it_keeps_a_connection(string value, int? seconds) =>
        Assert.Equal(seconds, ParsedHead.With($"Keep-Alive: {value}").Head.KeepAliveTimeout?.TotalSeconds);

    [Fact]
    public void Trailer_and_Upgrade_are_noticed()
    {
        var head = ParsedHead.With("Trailer: x-sum", "Upgrade: websocket").Head;
        Assert.Equal((true, true), (head.HasTrailer, head.HasUpgrade));
        head = ParsedHead.With("X: y").Head;
        Assert.Equal((false, false), (head.HasTrailer, head.HasUpgrade));
    }

    [Fact]
    public void Nothing_of_one_head_is_left_in_the_next()
    {
        var parser = new ResponseHeadParser(CodecLimits.Default);
        var first = "HTTP/1.0 500 Oops\r\nConnection: close, x\r\nX: 1\r\nKeep-Alive: timeout=1\r\nTrailer: x\r\nUpgrade: x\r\nContent-Length: 1\r\n\r\n"u8;
        Assert.Equal(HeadState.Done, parser.Parse(first).State);
        Assert.Equal(HeadState.NeedMore, parser.Parse("HTTP/1.1 204 \r\nX: "u8).State);
        Assert.Equal(HeadState.Done, parser.Parse("HTTP/1.1 204 \r\nX: y\r\n\r\n"u8).State);

        var head = parser.Head;
        Assert.Equal((204, true, 0, 1), (head.Status, head.IsHttp11, head.Reason.Length, head.Fields.Count));
        Assert.Equal((null, null, ConnectionOptions.None), (head.ContentLength, head.KeepAliveTimeout, head.Connection));
        Assert.Equal((false, false, false), (head.HasTrailer, head.HasUpgrade, head.IsChunked));
    }

    [Fact]
    public void A_head_of_the_same_bytes_is_not_read_again()
    {
        var parser = new ResponseHeadParser(CodecLimits.Default);
        var head = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n"u8;
        Assert.Equal(HeadResult.Done(head.Length), parser.Parse([.. head, .. "hello"u8]));
        var reading = parser.Head.Reading;
        Assert.Equal(HeadResult.Done(head.Length), parser.Parse([.. head, .. "other"u8]));
        Assert.Equal((reading, 5), (parser.Head.Reading, parser.Head.ContentLength));

        Assert.Equal(HeadState.Done, parser.Parse("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n"u8).State);
        Assert.Equal((reading + 1, 6), (parser.Head.Reading, parser.Head.ContentLength));
    }

    [Fact]
    public void Whatever_heads_came_before_one_is_read_as_if_it_were_the_first()
    {
        byte[][] heads = [.. ((string[])[
            "HTTP/1.1 200 OK\r\n\r\n",
            "HTTP/1.1 200 OK\r\nX: 1\r\n\r\n",
            "HTTP/1.1 200 OK\r\nX: 1\r\nConnection: X\r\n\r\n",
            "HTTP/1.1 103 Early Hints\r\nLink: a\r\n\r\n",
            "HTTP/1.1 200 OK\r\nX : 1\r\n\r\n",
            $"HTTP/1.1 200 OK\r\nX: {new string('x', 2000)}\r\n\r\n"]).Select(Generated.Bytes)];
        Gen.Select(Gen.Int[0, heads.Length - 1], Gen.Int[1, 40]).Array[1, 20].Sample(sequence =>
        {
            var parser = new ResponseHeadParser(CodecLimits.Default);
            foreach (var (index, piece) in sequence)
            {
                var (first, all) = (new ResponseHeadParser(CodecLimits.Default), heads[index]);
                var (seen, result) = (0, HeadResult.NeedMore);
                while (result.State == HeadState.NeedMore && seen < all.Length)
                {
                    seen = Math.Min(all.Length, seen + (piece * piece));
                    result = parser.Parse(all.AsSpan(0, seen));
                }

                var expected = first.Parse(all);
                Assert.Equal((expected.State, expected.Consumed, expected.Fault), (result.State, result.Consumed, result.Fault));
                if (result.State == HeadState.Done)
                {
                    Assert.Equal(first.Head.Fields.All.ToArray(), parser.Head.Fields.All.ToArray());
                    Assert.Equal((first.Head.Status, first.Head.Connection), (parser.Head.Status, parser.Head.Connection));
                }
            }
        });
    }

    [Fact]
    public void A_head_that_ends_at_the_limit_is_taken_and_one_byte_more_is_not()
    {
        var limits = new CodecLimits { MaxHead = 300 };
        var fits = $"HTTP/1.1 200 OK\r\nX: {new string('a', 300 - 17 - 3 - 4)}\r\n\r\n";

        Assert.Equal(HeadResult.Done(300), ParsedHead.Of(fits, limits).Result);
        Assert.Equal(HeadResult.Malformed(CodecFault.HeadTooLarge), ParsedHead.Of(fits.Replace("X:", "XX:"), limits).Result);
    }

    [Fact]
    public void A_head_has_as_many_fields_as_the_limit_says_and_no_more()
    {
        var fits = "HTTP/1.1 200 OK\r\n" + string.Concat(Enumerable.Repeat("X: y\r\n", 128));

        Assert.Equal(HeadState.Done, ParsedHead.Of(fits + "\r\n").Result.State);
        Assert.Equal(HeadResult.Malformed(CodecFault.TooManyFields), ParsedHead.Of(fits + "X: y\r\n\r\n").Result);
    }

    [Fact]
    public void Another_protocol_is_recognised_by_its_first_byte() =>
        Assert.Equal(HeadResult.Malformed(CodecFault.BadVersion), ParsedHead.Of("\u0015").Result);

    [Fact]
    public void Bytes_are_looked_at_once_however_they_arrive()
    {
        // A megabyte in one line, byte by byte: looked at again each time it would be 5 * 10^11 bytes, minutes instead of an instant.
        var limits = new CodecLimits { MaxHead = 1 << 20 };
        var parser = new ResponseHeadParser(limits);
        var bytes = Encoding.ASCII.GetBytes("HTTP/1.1 200 OK\r\nX: " + new string('a', limits.MaxHead - 24) + "\r\n\r\n");
        for (var length = 1; length < bytes.Length; length++)
        {
            Assert.Equal(HeadState.NeedMore, parser.Parse(bytes.AsSpan(0, length)).State);
        }

        Assert.Equal(HeadResult.Done(bytes.Length), parser.Parse(bytes));
    }
}
