using CsCheck;
using Gateway.Http.Http2;

namespace Gateway.Tests.Http.Http2;

public sealed class HpackPropertyTests
{
    private static readonly Gen<string> Name = Gen.OneOf(
        Gen.OneOf(":method", ":path", "cookie", "etag", "x-a", "x-b", "accept-encoding"), Gen.Char["abz-"].Array[1, 40].Select(c => new string(c)));

    private static readonly Gen<string> Value = Gen.OneOf(
        Gen.OneOf("", "GET", "/", "1", "gzip, deflate"), Gen.Char['\0', '\u00ff'].Array[0, 90].Select(c => new string(c)));

    private static readonly Gen<SentField> Field = Gen.Select(Name, Value, Gen.Enum<Representation>(), Gen.Bool, Gen.Bool, (name, value, how, huffman, byName) =>
        new SentField(name, value, how, huffman, byName));

    /// <summary>The blocks of one connection, with or without a size update at the start.</summary>
    private static readonly Gen<(int Resize, SentField[] Fields)[]> Connection = Gen.Select(Gen.Int[-200, 200], Field.Array[0, 12]).Array[1, 12];

    private readonly record struct SentField(string Name, string Value, Representation How, bool IsHuffman, bool IsByName);

    [Fact]
    public void Blocks_of_any_encoder_are_read_one_after_the_other() => Connection.Sample(connection =>
    {
        var encoder = new NaiveHpackEncoder(200);
        var decoder = new HpackDecoder(200);
        foreach (var (block, fields) in Encoded(connection, encoder))
        {
            Assert.Equal(fields.Select(field => $"{field.Name}: {field.Value}"), Blocks.Read(decoder, block));
        }
    }, iter: 5_000);

    [Fact]
    public void A_decoder_that_keeps_little_has_the_same_table_as_one_that_keeps_all() => Gen.Select(Connection, Gen.Int[0, 200], Gen.Int[0, 8]).Sample((connection, size, most) =>
    {
        var encoder = new NaiveHpackEncoder(200);
        var decoder = new HpackDecoder(200);
        var kept = new HeaderBlock(size, most);
        foreach (var (block, fields) in Encoded(connection, encoder))
        {
            kept.Clear();
            Assert.Equal(Http2Error.NoError, decoder.Decode(block, kept));
            var expected = Kept(fields, size, most);
            Assert.Equal(expected, Blocks.Fields(kept));
            Assert.Equal(expected.Count < fields.Length, kept.IsTooLarge);
            Assert.Equal(fields.Take(expected.Count).Select(IsSensitive), kept.Fields.ToArray().Select(field => field.IsSensitive));
        }
    }, iter: 5_000);

    [Fact]
    public void Any_bytes_are_a_block_or_a_compression_error() => Gen.Select(Gen.Byte.Array[0, 60].Array[1, 6], Gen.Int[0, 300], Gen.Int[0, 100]).Sample((blocks, table, size) =>
    {
        var decoder = new HpackDecoder(table);
        var kept = new HeaderBlock(size, 3);
        foreach (var block in blocks)
        {
            kept.Clear();
            if (decoder.Decode(block, kept) is var error and not Http2Error.NoError)
            {
                Assert.Equal(Http2Error.CompressionError, error);
                break;
            }

            Assert.True(kept.Size <= size && kept.Fields.Length <= 3);
        }
    }, iter: 50_000);

    [Fact]
    public void Blocks_of_the_encoder_are_read_whatever_came_before() => Gen.Select(Name, Value, Gen.Int[100, 999]).Array[1, 8].Sample(fields =>
    {
        var block = new byte[10_000];
        var at = 0;
        foreach (var (name, value, status) in fields)
        {
            at += HpackEncoder.Status(status, block.AsSpan(at));
            at += HpackEncoder.Field(Latin1(name.ToUpperInvariant()), Latin1(value), block.AsSpan(at));
        }

        Assert.Equal(
            fields.SelectMany(field => (string[])[$":status: {field.Item3}", $"{field.Item1}: {field.Item2}"]), Blocks.Read(new HpackDecoder(0), block.AsSpan(0, at)));
    });

    [Fact]
    public void The_encoder_says_when_there_is_no_room_and_never_writes_outside() => Gen.Select(Name, Value, Gen.Int[100, 999]).Sample((name, value, status) =>
    {
        var whole = new byte[1_000];
        var length = HpackEncoder.Field(Latin1(name), Latin1(value), whole);
        for (var room = 0; room < length; room++)
        {
            Assert.Equal(-1, HpackEncoder.Field(Latin1(name), Latin1(value), new byte[room]));
        }

        Assert.Equal(length, HpackEncoder.Field(Latin1(name), Latin1(value), new byte[length]));
        length = HpackEncoder.Status(status, whole);
        Assert.Equal((-1, length), (HpackEncoder.Status(status, new byte[length - 1]), HpackEncoder.Status(status, new byte[length])));
    });

    private static IEnumerable<(byte[] Block, SentField[] Fields)> Encoded((int Resize, SentField[] Fields)[] connection, NaiveHpackEncoder encoder)
    {
        foreach (var (resize, fields) in connection)
        {
            if (resize >= 0)
            {
                encoder.Resize(resize);
            }

            foreach (var field in fields)
            {
                encoder.Field(field.Name, field.Value, field.How, field.IsHuffman, field.IsByName);
            }

            yield return (encoder.TakeBlock(), fields);
        }
    }

    private static List<string> Kept(SentField[] fields, int size, int most)
    {
        List<string> kept = [];
        foreach (var field in fields)
        {
            size -= field.Name.Length + field.Value.Length + 32;
            if (size < 0 || kept.Count == most)
            {
                break;
            }

            kept.Add($"{field.Name}: {field.Value}");
        }

        return kept;
    }

    private static bool IsSensitive(SentField field) => field.How == Representation.NeverIndexed;

    private static byte[] Latin1(string text) => System.Text.Encoding.Latin1.GetBytes(text);
}
