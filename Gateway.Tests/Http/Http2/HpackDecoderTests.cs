using Gateway.Http.Http2;
using static Gateway.Tests.Http.Http2.Blocks;

namespace Gateway.Tests.Http.Http2;

public sealed class HpackDecoderTests
{
    [Theory]
    [InlineData("80", "index 0")]
    [InlineData("be", "an index that the empty table does not have")]
    [InlineData("7e 01 61", "a name that the empty table does not have")]
    [InlineData("7e 02 01 61", "such a name before a value that could be a field itself")]
    [InlineData("ff 80 80 80 80 00", "an index in more bytes than any needs")]
    [InlineData("ff ff ff ff ff 0f", "an index too large")]
    [InlineData("82 20", "a size update behind a field")]
    [InlineData("3f e2 1f", "a size above the limit")]
    [InlineData("ff", "an index cut short")]
    [InlineData("40", "a literal without a name")]
    [InlineData("40 02 61", "a name cut short")]
    [InlineData("40 01 61", "a literal without a value")]
    [InlineData("40 01 61 02 62", "a value cut short")]
    [InlineData("00 01 61 7f ff ff ff 7f", "a length beyond all bounds")]
    [InlineData("00 01 61 84 ff ff ff ff", "the end of the string within it")]
    [InlineData("00 01 61 82 1f ff", "padding of more than seven bits")]
    [InlineData("00 01 61 81 ff", "padding of eight bits")]
    [InlineData("00 01 61 81 18", "padding of zeros")]
    [InlineData("00 81 18 01 61", "padding of zeros in a name")]
    [InlineData("00 01 61 82 ff fe", "a code cut short")]
    public void A_broken_block_is_a_compression_error(string digits, string why) =>
        Assert.Equal((Http2Error.CompressionError, why), (new HpackDecoder().Decode(Hex(digits), new HeaderBlock(1_000, 10)), why));

    [Fact]
    public void An_empty_block_has_no_fields() => Assert.Empty(Read(new HpackDecoder(), []));

    [Fact]
    public void Every_entry_of_the_static_table_is_found()
    {
        var decoder = new HpackDecoder();
        for (var index = 1; index <= 61; index++)
        {
            Assert.Single(Read(decoder, [(byte)(0x80 | index)]));
        }

        Assert.Equal([":authority: "], Read(decoder, [0x81]));
        Assert.Equal(["accept-encoding: gzip, deflate"], Read(decoder, [0x80 | 16]));
        Assert.Equal(["www-authenticate: "], Read(decoder, [0x80 | 61]));
    }

    [Fact]
    public void Every_symbol_of_the_Huffman_code_is_read()
    {
        var all = Enumerable.Range(0, 256).Select(i => (byte)i).ToArray();
        var text = new byte[256];
        Assert.Equal(256, Huffman.Decode(HuffmanCode.Encode(all), text));
        Assert.Equal(all, text);
    }

    [Fact]
    public void Size_updates_at_the_beginning_hold_from_there_on()
    {
        var decoder = new HpackDecoder();
        Assert.Equal(["a: b"], Read(decoder, Hex("40 01 61 01 62")));
        Assert.Equal(["a: b"], Read(decoder, Hex("be")));

        Assert.Equal(["a: b"], Read(decoder, Hex("20 3f e1 1f 40 01 61 01 62"))); // To 0 and back: the table is empty, and accepts entries.
        Assert.Equal(["a: b"], Read(decoder, Hex("be")));

        Assert.Empty(Read(decoder, Hex("20")));
        Assert.Equal(Http2Error.CompressionError, decoder.Decode(Hex("be"), new HeaderBlock(1_000, 10)));
    }

    [Fact]
    public void An_entry_larger_than_the_table_empties_it()
    {
        var decoder = new HpackDecoder(64);
        Read(decoder, Hex("40 01 61 01 62"));
        Assert.Equal(["c: " + new string('d', 32)], Read(decoder, [0x40, 1, (byte)'c', 32, .. Enumerable.Repeat((byte)'d', 32)]));
        Assert.Equal(Http2Error.CompressionError, decoder.Decode(Hex("be"), new HeaderBlock(1_000, 10)));
    }

    [Fact]
    public void An_entry_may_take_its_name_from_one_that_it_evicts()
    {
        var decoder = new HpackDecoder(34);
        Read(decoder, Hex("40 01 61 01 62"));
        Assert.Equal(["a: c"], Read(decoder, Hex("7e 01 63")));
        Assert.Equal(["a: c"], Read(decoder, Hex("be")));
    }

    [Fact]
    public void A_table_of_no_bytes_takes_nothing_and_is_valid()
    {
        var decoder = new HpackDecoder(0);
        Assert.Equal(["a: b", "a: b"], Read(decoder, Hex("20 40 01 61 01 62 40 01 61 01 62")));
    }

    [Theory]
    [InlineData(34 * 2, 10)]
    [InlineData(1_000, 2)]
    public void A_field_above_the_limit_is_not_kept_and_still_enters_the_table(int maxSize, int maxFields)
    {
        var decoder = new HpackDecoder();
        var block = new HeaderBlock(maxSize, maxFields);

        Assert.Equal(Http2Error.NoError, decoder.Decode(Hex("00 01 61 01 62 00 01 61 01 63 40 01 61 01 64 40 01 65 00"), block));

        Assert.True(block.IsTooLarge);
        Assert.Equal(["a: b", "a: c"], Fields(block));
        Assert.Equal(34 * 2, block.Size);
        Assert.Equal(["e: ", "a: d"], Read(decoder, Hex("be bf")));
    }

    [Theory]
    [InlineData(32)]
    [InlineData(33)]
    [InlineData(40)]
    [InlineData(130)]
    public void As_many_fields_as_the_limit_are_kept_and_one_more_is_not(int max)
    {
        var encoder = new NaiveHpackEncoder();
        var expected = Enumerable.Range(1, max).Select(i => $"x-a: {i}").ToArray();
        for (var i = 1; i <= max; i++)
        {
            encoder.Field("x-a", $"{i}", Representation.NotIndexed, isHuffman: false);
        }

        var (decoder, block) = (new HpackDecoder(), new HeaderBlock(100_000, max));
        Assert.Equal(Http2Error.NoError, decoder.Decode(encoder.TakeBlock(), block));
        Assert.False(block.IsTooLarge);
        Assert.Equal(expected, Fields(block));

        Assert.Equal(Http2Error.NoError, decoder.Decode(Hex("82"), block));
        Assert.True(block.IsTooLarge);
        Assert.Equal(expected, Fields(block));
    }

    [Fact]
    public void After_one_field_that_is_too_large_no_later_one_is_kept()
    {
        var block = new HeaderBlock(80, 10);
        Assert.Equal(Http2Error.NoError, new HpackDecoder().Decode([.. Hex("82"), 0, 1, (byte)'a', 60, .. new byte[60], .. Hex("84")], block));
        Assert.Equal([":method: GET"], Fields(block));
        Assert.True(block.IsTooLarge);

        block.Clear();
        Assert.False(block.IsTooLarge);
        Assert.Equal(Http2Error.NoError, new HpackDecoder().Decode(Hex("84"), block));
        Assert.Equal([":path: /"], Fields(block));
    }

    [Fact]
    public void A_block_is_as_large_as_its_fields_and_32_bytes_for_each()
    {
        var block = new HeaderBlock(42 + 34, 2);
        Assert.Equal(Http2Error.NoError, new HpackDecoder().Decode(Hex("82 00 01 61 01 62"), block));
        Assert.Equal((false, 42 + 34), (block.IsTooLarge, block.Size)); // ":method" and "GET" are 10.
    }

    [Theory]
    [InlineData(":method", PseudoField.Method)]
    [InlineData(":scheme", PseudoField.Scheme)]
    [InlineData(":authority", PseudoField.Authority)]
    [InlineData(":path", PseudoField.Path)]
    [InlineData(":protocol", PseudoField.Protocol)]
    [InlineData(":status", PseudoField.Status)]
    [InlineData(":Method", PseudoField.Unknown)]
    [InlineData(":s", PseudoField.Unknown)]
    [InlineData(":", PseudoField.Unknown)]
    [InlineData("method", PseudoField.None)]
    [InlineData("", PseudoField.None)]
    public void Pseudo_fields_are_recognized_by_their_names(string name, PseudoField expected)
    {
        var encoder = new NaiveHpackEncoder();
        encoder.Field(name, "x", Representation.NotIndexed, isHuffman: false, isByName: false);
        var block = new HeaderBlock(1_000, 10);
        Assert.Equal(Http2Error.NoError, new HpackDecoder().Decode(encoder.TakeBlock(), block));
        Assert.Equal(expected, block.Fields[0].Pseudo);
    }

    [Fact]
    public void Nothing_is_allocated_once_the_table_is_full()
    {
        var encoder = new NaiveHpackEncoder(300);
        var decoder = new HpackDecoder(300);
        var block = new HeaderBlock(8_192, 100);
        var blocks = Enumerable.Range(0, 2_100).Select(i =>
        {
            encoder.Field(":method", "GET", Representation.Indexed, isHuffman: true);
            encoder.Field(":path", $"/{i}", Representation.Indexed, isHuffman: true);
            encoder.Field("x-request", new string('a', i % 60), Representation.Indexed, isHuffman: i % 2 == 0);
            encoder.Field("authorization", "Basic Og==", Representation.NeverIndexed, isHuffman: true);
            return encoder.TakeBlock();
        }).ToArray();
        var next = 0;
        DecodeMore();
        Allocations.AssertNone(DecodeMore);

        void DecodeMore()
        {
            foreach (var one in blocks.AsSpan(next, 100))
            {
                block.Clear();
                if (decoder.Decode(one, block) != Http2Error.NoError || block.Fields.Length != 4)
                {
                    throw new InvalidOperationException("a block was not read");
                }
            }

            next += 100;
        }
    }
}
