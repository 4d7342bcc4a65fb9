using Gateway.Http.Http2;
using static Gateway.Tests.Http.Http2.Blocks;

namespace Gateway.Tests.Http.Http2;

public sealed class HpackIntegerTests
{
    private const int Prefix = 0x1f;

    [Theory]
    [InlineData(0, "00")]
    [InlineData(30, "1e")]
    [InlineData(31, "1f 00")]
    [InlineData(31 + 127, "1f 7f")]
    [InlineData(31 + 128, "1f 80 01")]
    [InlineData(31 + 16_383, "1f ff 7f")]
    [InlineData(31 + 16_384, "1f 80 80 01")]
    public void A_number_has_as_many_bytes_as_it_needs_and_cannot_do_with_fewer(int value, string digits)
    {
        var bytes = Hex(digits);
        var written = new byte[bytes.Length + 1];
        var (writtenTo, readTo) = (0, 0);
        Assert.True(HpackInteger.TryWrite(written, ref writtenTo, 0, Prefix, value));
        Assert.Equal(bytes, written[..writtenTo]);
        Assert.Equal((value, bytes.Length), (HpackInteger.Read(bytes, ref readTo, Prefix), readTo));

        for (var length = 0; length < bytes.Length; length++)
        {
            (writtenTo, readTo) = (0, 0);
            Assert.False(HpackInteger.TryWrite(new byte[length], ref writtenTo, 0, Prefix, value));
            Assert.Equal(-1, HpackInteger.Read(bytes.AsSpan(0, length), ref readTo, Prefix));
        }
    }
}
