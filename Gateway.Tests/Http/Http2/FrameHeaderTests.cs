using CsCheck;
using Gateway.Http.Http2;

namespace Gateway.Tests.Http.Http2;

public sealed class FrameHeaderTests
{
    [Fact]
    public void A_header_is_nine_bytes_in_the_order_of_the_network()
    {
        var bytes = new byte[FrameHeader.Size];
        new FrameHeader(0x010203, FrameType.Headers, FrameFlags.EndStream | FrameFlags.EndHeaders, 0x04050607).Write(bytes);
        Assert.Equal(Blocks.Hex("010203 01 05 04050607"), bytes);
    }

    [Fact]
    public void The_reserved_bit_is_dropped() =>
        Assert.Equal(new FrameHeader(0, (FrameType)0xff, 0xff, int.MaxValue), FrameHeader.Read(Blocks.Hex("000000 ff ff ffffffff")));

    [Fact]
    public void A_header_has_the_flags_that_are_set_and_no_others()
    {
        var header = new FrameHeader(0, FrameType.Headers, FrameFlags.EndStream | FrameFlags.Priority, 1);
        byte[] flags = [FrameFlags.EndStream, FrameFlags.EndHeaders, FrameFlags.Padded, FrameFlags.Priority];
        Assert.Equal([true, false, false, true], flags.Select(header.Has));
    }

    [Fact]
    public void A_written_header_is_read() => Gen.Select(Gen.Int[0, 0xffffff], Gen.Byte, Gen.Byte, Gen.Int[0, int.MaxValue]).Sample((length, type, flags, stream) =>
    {
        var header = new FrameHeader(length, (FrameType)type, flags, stream);
        var bytes = new byte[FrameHeader.Size];
        header.Write(bytes);
        Assert.Equal(header, FrameHeader.Read(bytes));
    });
}
