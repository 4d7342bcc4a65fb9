using Gateway.Upstream.Http1;

namespace Gateway.Tests.Upstream.Http1;

public sealed class ChunkedDecoderTests
{
    private static readonly CodecLimits Tight = new() { MaxChunkSizeDigits = 4, MaxChunkExtension = 4, MaxTrailers = 12, MaxFields = 2 };

    [Theory]
    [InlineData("0\r\n\r\n", "")]
    [InlineData("5\r\nhello\r\n0\r\n\r\n", "hello")]
    [InlineData("1\r\na\r\n2\r\nbc\r\n0\r\n\r\n", "abc")]
    [InlineData("000A\r\n0123456789\r\n000\r\n\r\n", "0123456789")]
    [InlineData("b\r\nhello\r\n0\r\n\r\r\n0\r\n\r\n", "hello\r\n0\r\n\r")]
    [InlineData("2;a=b;c=\"d e\"\r\nhi\r\n0;x\r\n\r\n", "hi")]
    [InlineData("2 \t;a\r\nhi\r\n0\r\n\r\n", "hi")]
    public void A_body_is_the_payload_of_its_chunks(string body, string payload)
    {
        var decoded = ChunkedBody.Of(body + "HTTP/1.1 ");

        Assert.Equal((ChunkState.End, payload), (decoded.Last.State, decoded.Payload));
        Assert.Equal(body.Length, decoded.Consumed);
    }

    [Theory]
    [InlineData("\r\n", nameof(CodecFault.BadChunkSize))]
    [InlineData("g\r\n", nameof(CodecFault.BadChunkSize))]
    [InlineData("-1\r\n", nameof(CodecFault.BadChunkSize))]
    [InlineData("+1\r\n", nameof(CodecFault.BadChunkSize))]
    [InlineData("0x1\r\n", nameof(CodecFault.BadChunkSize))]
    [InlineData(" 1\r\n", nameof(CodecFault.BadChunkSize))]
    [InlineData(";a\r\n", nameof(CodecFault.BadChunkSize))]
    [InlineData("1 \r\na\r\n", nameof(CodecFault.BadChunkSize))]
    [InlineData("1 1\r\na\r\n", nameof(CodecFault.BadChunkSize))]
    [InlineData("1\na\r\n", nameof(CodecFault.BadChunkSize))]
    [InlineData("1\ra", nameof(CodecFault.BadChunkSize))]
    [InlineData("1;a\nb", nameof(CodecFault.BadChunkSize))]
    [InlineData("1;a\rb", nameof(CodecFault.BadChunkSize))]
    [InlineData("1;a\0b", nameof(CodecFault.BadChunkSize))]
    [InlineData("8000000000000000\r\n", nameof(CodecFault.BadChunkSize))]
    [InlineData("ffffffffffffffff\r\n", nameof(CodecFault.BadChunkSize))]
    [InlineData("00000000000000001\r\n", nameof(CodecFault.ChunkSizeTooLong))]
    [InlineData("1\r\nab", nameof(CodecFault.BadChunkEnd))]
    [InlineData("1\r\na\n", nameof(CodecFault.BadChunkEnd))]
    [InlineData("1\r\na\rb", nameof(CodecFault.BadChunkEnd))]
    [InlineData("1\r\na0\r\n\r\n", nameof(CodecFault.BadChunkEnd))]
    [InlineData("0\r\n\n", nameof(CodecFault.BareLineFeed))]
    [InlineData("0\r\n\rX", nameof(CodecFault.BareCarriageReturn))]
    [InlineData("0\r\nX : y\r\n\r\n", nameof(CodecFault.SpaceBeforeColon))]
    [InlineData("0\r\nX: y\r\n z\r\n\r\n", nameof(CodecFault.FoldedLine))]
    [InlineData("0\r\nX: a\0b\r\n\r\n", nameof(CodecFault.Nul))]
    [InlineData("0\r\nX\r\n\r\n", nameof(CodecFault.MissingColon))]
    [InlineData("0\r\nHTTP/1.1 200 OK\r\n\r\n", nameof(CodecFault.BadFieldName))]
    public void A_bad_body_is_refused(string body, string fault) => Refuses(body, fault);

    [Theory]
    [InlineData("00001\r\n", nameof(CodecFault.ChunkSizeTooLong))]
    [InlineData("1;abcd\r\n", nameof(CodecFault.ChunkExtensionTooLong))]
    [InlineData("1    ;\r\n", nameof(CodecFault.ChunkExtensionTooLong))]
    [InlineData("0\r\nX: 123456\r\n\r\n", nameof(CodecFault.TrailersTooLarge))]
    [InlineData("0\r\na:\r\nb:\r\nc: 1", nameof(CodecFault.TrailersTooLarge))]
    public void Limits_are_kept(string body, string fault) => Refuses(body, fault, Tight);

    [Fact]
    public void What_is_just_within_the_limits_is_taken()
    {
        var decoded = ChunkedBody.Of("0001;abc\r\nx\r\n0\r\na:1234567\r\n\r\n", Tight with { MaxTrailers = 13 });
        Assert.Equal((ChunkState.End, "x"), (decoded.Last.State, decoded.Payload));
        Assert.Equal(["a: 1234567"], decoded.Trailers);
        Refuses("0\r\na:\r\nb:\r\nc:\r\n\r\n", nameof(CodecFault.TooManyFields), Tight with { MaxTrailers = 100 });
    }

    [Fact]
    public void The_largest_size_is_2_to_the_63_less_1()
    {
        var decoded = ChunkedBody.Of("7fffffffffffffff\r\nabc");
        Assert.Equal((ChunkState.NeedMore, "abc"), (decoded.Last.State, decoded.Payload));
    }

    [Fact]
    public void Trailers_are_fields_and_those_of_framing_and_form_go_no_further() =>
        Assert.Equal(
            ["X-Sum: 1", "(content-length: 5)", "(Transfer-Encoding: gzip)", "(Host: a)", "(Connection: close)", "ETag: \"b\""],
            ChunkedBody.Of("0\r\nX-Sum:  1 \r\ncontent-length: 5\r\nTransfer-Encoding: gzip\r\nHost: a\r\nConnection: close\r\nETag: \"b\"\r\n\r\n").Trailers);

    [Fact]
    public void Trailers_stay_unconsumed_until_they_are_complete()
    {
        var fields = new FieldList(8);
        var decoder = new ChunkedDecoder(CodecLimits.Default, fields);
        Assert.Equal(ChunkStep.Payload(3, 2), decoder.Next("2\r\nhi\r\n0\r\nX: y\r\n"u8));
        Assert.Equal(ChunkStep.NeedMore(5), decoder.Next("\r\n0\r\nX: y\r\n"u8));
        Assert.Equal(ChunkStep.NeedMore(0), decoder.Next("X: y\r\nZ"u8));

        var section = "X: y\r\nZ: 1\r\n\r\nrest"u8;
        Assert.Equal(ChunkStep.End(0, 14), decoder.Next(section));
        Assert.Equal("Z"u8, fields[1].Name(section));
        Assert.Equal("1"u8, fields[1].Value(section));
    }

    [Fact]
    public void Once_malformed_a_body_stays_malformed()
    {
        var decoder = new ChunkedDecoder(CodecLimits.Default, new FieldList(8));
        Assert.Equal(ChunkStep.Malformed(CodecFault.BadChunkSize), decoder.Next("x"u8));
        Assert.Equal(ChunkStep.Malformed(CodecFault.BadChunkSize), decoder.Next("1\r\na\r\n"u8));
    }

    private static void Refuses(string body, string fault, CodecLimits? limits = null) =>
        Assert.Equal(ChunkStep.Malformed(Enum.Parse<CodecFault>(fault)), ChunkedBody.Of(body, limits).Last);

    [Fact]
    public void Looking_ahead_moves_nothing_and_leaves_the_trailers_alone()
    {
        var trailers = new FieldList(CodecLimits.Default.MaxFields);
        var decoder = new ChunkedDecoder(CodecLimits.Default, trailers);
        Assert.Equal(CodecFault.None, decoder.Inspect("2\r\nok\r\n0\r\nX-A: 1\r\n\r\n"u8));
        Assert.Equal(0, trailers.Count);
        var step = decoder.Next("0\r\nX-A: 1\r\n"u8);
        Assert.Equal((ChunkState.NeedMore, 1), (step.State, trailers.Count));
        Assert.Equal(CodecFault.None, decoder.Inspect("X-A: 1\r\nX-B: 2\r\n\r\n"u8));
        Assert.Equal(1, trailers.Count);
        Assert.Equal(CodecFault.MissingColon, decoder.Inspect("X-A: 1\r\nnocolon\r\n"u8));
        Assert.Equal(CodecFault.BadChunkSize, new ChunkedDecoder(CodecLimits.Default, trailers).Inspect("2\r\nok\r\nnot a size"u8));
        Assert.Equal(ChunkState.End, decoder.Next("X-A: 1\r\nX-B: 2\r\n\r\n"u8).State);
        Assert.Equal(2, trailers.Count);
    }
}
