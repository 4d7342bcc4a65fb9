using Gateway.Upstream.Http1;

namespace Gateway.Tests.Upstream.Http1;

public sealed class ChunkWriterTests
{
    [Theory]
    [InlineData(1, "1\r\n")]
    [InlineData(26, "1a\r\n")]
    [InlineData(65_536, "10000\r\n")]
    public void A_chunk_is_framed_where_its_payload_lies(int payload, string size)
    {
        var buffer = new byte[ChunkWriter.Prefix + payload + ChunkWriter.Suffix];
        buffer.AsSpan(ChunkWriter.Prefix, payload).Fill((byte)'x');

        var (start, length) = ChunkWriter.Frame(buffer, payload);

        Assert.Equal(size + new string('x', payload) + "\r\n", Generated.Latin1(buffer[start..(start + length)]));
    }

    [Fact]
    public void The_largest_size_fits_before_the_payload() => Assert.Equal(ChunkWriter.Prefix, "7fffffff\r\n".Length);

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void An_empty_chunk_would_end_the_body(int payload) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => ChunkWriter.Frame(new byte[100], payload));
}
