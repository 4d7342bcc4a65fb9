using Gateway.Http;

namespace Gateway.Tests.Http;

public sealed class BodyReaderTests
{
    private static readonly HttpLimits Tight = HttpLimits.Default with { MaxChunkExtension = 4, MaxTrailers = 12 };

    [Theory]
    [InlineData("0\r\n\r\n", 0)]
    [InlineData("5\r\nhello\r\n0\r\n\r\n", 5)]
    [InlineData("000A\r\n0123456789\r\n000\r\n\r\n", 10)]
    [InlineData("b\r\nhello\r\n0\r\n\r\r\n0\r\n\r\n", 11)]
    [InlineData("2;a=b;c=\"d e\"\r\nhi\r\n0;x\r\n\r\n", 2)]
    [InlineData("2 \t;a\r\nhi\r\n0\r\n\r\n", 2)]
    [InlineData("1\r\na\r\n0\r\nX: y\r\nZ:\r\n\r\n", 1)]
    public void A_chunked_body_ends_where_its_grammar_says(string body, int payload)
    {
        var read = ReadBody.Chunked(body + "HTTP/1.1 ");
        Assert.Equal((HttpFault.None, true, body.Length, payload), (read.Fault, read.IsDone, read.Taken, read.Payload));
    }

    [Theory]
    [InlineData("\r\n", HttpFault.BadChunkSize)]
    [InlineData("g\r\n", HttpFault.BadChunkSize)]
    [InlineData("-1\r\n", HttpFault.BadChunkSize)]
    [InlineData("+1\r\n", HttpFault.BadChunkSize)]
    [InlineData("0x1\r\n", HttpFault.BadChunkSize)]
    [InlineData(" 1\r\n", HttpFault.BadChunkSize)]
    [InlineData(";a\r\n", HttpFault.BadChunkSize)]
    [InlineData("1 \r\na\r\n", HttpFault.BadChunkSize)]
    [InlineData("1 1\r\na\r\n", HttpFault.BadChunkSize)]
    [InlineData("1\t0\r\na\r\n", HttpFault.BadChunkSize)]
    [InlineData("1\na\r\n", HttpFault.BadChunkSize)]
    [InlineData("1\ra", HttpFault.BadChunkSize)]
    [InlineData("1;a\nb", HttpFault.BadChunkSize)]
    [InlineData("1;a\rb", HttpFault.BadChunkSize)]
    [InlineData("1;a\0b", HttpFault.BadChunkSize)]
    [InlineData("8000000000000000\r\n", HttpFault.BadChunkSize)]
    [InlineData("ffffffffffffffff\r\n", HttpFault.BadChunkSize)]
    [InlineData("00000000000000001\r\n", HttpFault.BadChunkSize)]
    [InlineData("10000000000000001\r\n", HttpFault.BadChunkSize)]
    [InlineData("1\r\nab", HttpFault.BadChunkEnd)]
    [InlineData("1\r\na\n", HttpFault.BadChunkEnd)]
    [InlineData("1\r\na\rb", HttpFault.BadChunkEnd)]
    [InlineData("1\r\na0\r\n\r\n", HttpFault.BadChunkEnd)]
    [InlineData("0\r\n\n", HttpFault.BadTrailer)]
    [InlineData("0\r\n\rX", HttpFault.BadTrailer)]
    [InlineData("0\r\nX : y\r\n\r\n", HttpFault.BadTrailer)]
    [InlineData("0\r\nX: y\r\n z\r\n\r\n", HttpFault.BadTrailer)]
    [InlineData("0\r\nX: a\0b\r\n\r\n", HttpFault.BadTrailer)]
    [InlineData("0\r\nX: a\nb\r\n\r\n", HttpFault.BadTrailer)]
    [InlineData("0\r\nX: a\rb\r\n\r\n", HttpFault.BadTrailer)]
    [InlineData("0\r\nX\r\n\r\n", HttpFault.BadTrailer)]
    [InlineData("0\r\n: y\r\n\r\n", HttpFault.BadTrailer)]
    [InlineData("0\r\nHTTP/1.1 200 OK\r\n\r\n", HttpFault.BadTrailer)]
    public void A_bad_body_is_refused_in_one_piece_and_byte_by_byte(string body, HttpFault fault)
    {
        Assert.Equal((fault, false), (ReadBody.Chunked(body).Fault, ReadBody.Chunked(body).IsDone));
        Assert.Equal(fault, ReadBody.Chunked(body, step: 1).Fault);
        Assert.Equal(fault, ReadBody.ByChunk(body).Fault);
    }

    [Theory]
    [InlineData("0\r\na:\r\nb:\r\n\r\n", HttpFault.None)]
    [InlineData("0\r\na:\r\nb:\r\nc", HttpFault.TooManyFields)]
    public void Trailers_are_as_many_as_the_fields_of_a_head(string body, HttpFault fault)
    {
        var two = HttpLimits.Default with { MaxFields = 2 };
        Assert.Equal((fault, fault == HttpFault.None), (ReadBody.Chunked(body, two).Fault, ReadBody.Chunked(body, two).IsDone));
        Assert.Equal(fault, ReadBody.Chunked(body, two, step: 1).Fault);
    }

    [Theory]
    [InlineData("1;abc\r\nx\r\n0\r\n\r\n", HttpFault.None)]
    [InlineData("1;abcd\r\n", HttpFault.ChunkExtensionTooLong)]
    [InlineData("1   ;\r\nx\r\n0\r\n\r\n", HttpFault.None)]
    [InlineData("1    ;\r\n", HttpFault.ChunkExtensionTooLong)]
    [InlineData("1;abc\r\nx\r\n1;abc\r\nx\r\n0;abc\r\n\r\n", HttpFault.None)]
    [InlineData("0\r\nX: 123456\r\n\r\n", HttpFault.TrailersTooLarge)]
    [InlineData("0\r\nX: 12345\r\n\r\n", HttpFault.None)]
    [InlineData("0\r\na:\r\nb:\r\nc: 12", HttpFault.TrailersTooLarge)]
    public void Limits_are_kept_at_their_bound(string body, HttpFault fault)
    {
        Assert.Equal((fault, fault == HttpFault.None), (ReadBody.Chunked(body, Tight).Fault, ReadBody.Chunked(body, Tight).IsDone));
        Assert.Equal(fault, ReadBody.Chunked(body, Tight, step: 1).Fault);
    }

    [Fact]
    public void The_largest_size_is_2_to_the_63_less_1()
    {
        var reader = BodyReader.Chunked(HttpLimits.Default);
        Assert.Equal(21, reader.Take("7fffffffffffffff\r\nabc"u8));
        Assert.Equal((HttpFault.None, 3, false), (reader.Fault, reader.Payload, reader.IsDone));
    }

    [Fact]
    public void Once_refused_nothing_is_taken_any_more()
    {
        var reader = BodyReader.Chunked(HttpLimits.Default);
        Assert.Equal(1, reader.Take("1g"u8));
        Assert.Equal(HttpFault.BadChunkSize, reader.Fault);
        Assert.Equal((0, 0, 0), (reader.Take("1\r\n"u8), reader.TakeChunk("1\r\n"u8, out _), reader.TakeTrailers("\r\n"u8)));
        Assert.False(reader.IsDone || reader.End());
    }

    [Fact]
    public void The_last_piece_of_the_trailers_is_not_the_end_of_the_chunks()
    {
        var reader = BodyReader.Chunked(HttpLimits.Default);
        Assert.Equal(3, reader.Take("0\r\nX: y\r\n"u8));
        Assert.True(reader.IsAtTrailers);
        Assert.Equal(6, reader.TakeTrailers("X: y\r\n"u8));
        Assert.Equal((0, true, false), (reader.Take("\r\nHTTP"u8), reader.IsAtTrailers, reader.IsDone));
        Assert.Equal((2, true), (reader.TakeTrailers("\r\nHTTP"u8), reader.IsDone));
        Assert.Equal((0, 0), (reader.Take("\r\n"u8), reader.TakeTrailers("\r\n"u8)));
    }

    [Fact]
    public void Chunk_by_chunk_nothing_of_the_trailers_is_taken()
    {
        var reader = BodyReader.Chunked(HttpLimits.Default);
        Assert.Equal((1, 1, 1), (reader.TakeChunk("0"u8, out _), reader.TakeChunk("\r"u8, out _), reader.TakeChunk("\n"u8, out _)));
        Assert.Equal(0, reader.TakeChunk("X: y\r\n\r\n"u8, out var payload));
        Assert.True(payload.IsEmpty && reader is { IsAtTrailers: true, IsDone: false });
        Assert.Equal(8, reader.TakeTrailers("X: y\r\n\r\n"u8));
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("5", false)]
    [InlineData("5\r", false)]
    [InlineData("5;a", false)]
    [InlineData("5\r\n", false)]
    [InlineData("5\r\nhello", false)]
    [InlineData("5\r\nhello\r", false)]
    [InlineData("5\r\nhello\r\n", true)]
    [InlineData("5\r\nhello\r\n1", false)]
    [InlineData("5\r\nhello\r\nx", false)]
    [InlineData("0\r\n", false)]
    [InlineData("0\r\n\r\n", false)]
    public void Something_can_be_put_in_where_a_chunk_has_ended_and_the_next_has_not_begun(string body, bool isBetween)
    {
        var reader = BodyReader.Chunked(HttpLimits.Default);
        reader.Take(Heads.Bytes(body));
        Assert.Equal(isBetween, reader.IsBetweenChunks);
    }

    [Fact]
    public void A_body_without_chunks_is_never_between_them() =>
        Assert.False(BodyReader.None.IsBetweenChunks || BodyReader.OfLength(7).IsBetweenChunks || BodyReader.UntilClose().IsBetweenChunks);

    [Fact]
    public void An_end_without_trailers_is_taken_whole_and_in_its_pieces()
    {
        var whole = BodyReader.Chunked(HttpLimits.Default);
        Assert.Equal((5, true, false), (whole.Take("0\r\n\r\nGET"u8), whole.IsDone, whole.IsAtTrailers));

        var pieces = BodyReader.Chunked(HttpLimits.Default);
        Assert.Equal((3, 0, true), (pieces.Take("0\r\n"u8), pieces.Take("\r"u8), pieces.IsAtTrailers));
        Assert.Equal((1, 0, 1, true), (pieces.TakeTrailers("\r"u8), pieces.Take("\n"u8), pieces.TakeTrailers("\nGET"u8), pieces.IsDone));
    }

    [Theory]
    [InlineData(0, 10, 0)]
    [InlineData(7, 10, 7)]
    [InlineData(7, 7, 7)]
    public void A_body_of_a_length_takes_that_and_no_more(int length, int given, int taken)
    {
        var reader = BodyReader.OfLength(length);
        Assert.Equal((taken, true), (reader.Take(new byte[given]), reader.IsDone));
        Assert.Equal((length, true, 0), (reader.Payload, reader.End(), reader.Take("x"u8)));
    }

    [Fact]
    public void A_body_of_a_length_that_is_cut_off_does_not_end_as_it_should()
    {
        var reader = BodyReader.OfLength(long.MaxValue);
        Assert.Equal((100, 28), (reader.Take(new byte[100]), reader.Take(new byte[28])));
        Assert.Equal((128, false, false), (reader.Payload, reader.IsDone, reader.End()));
        Assert.False(BodyReader.Chunked(HttpLimits.Default).End());
    }

    [Fact]
    public void A_body_until_the_close_ends_with_the_connection_alone()
    {
        var reader = BodyReader.UntilClose();
        Assert.Equal((5, false), (reader.Take("0\r\n\r\n"u8), reader.IsDone));
        Assert.Equal((true, true, 5), (reader.End(), reader.IsDone, reader.Payload));
    }

    [Fact]
    public void No_body_is_over_before_it_begins()
    {
        var reader = BodyReader.None;
        Assert.Equal((true, true, 0, false), (reader.IsDone, reader.End(), reader.Take("x"u8), reader.IsAtTrailers));
    }
}
