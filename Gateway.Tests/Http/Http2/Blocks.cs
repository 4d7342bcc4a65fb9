using System.Text;
using Gateway.Http.Http2;

namespace Gateway.Tests.Http.Http2;

/// <summary>Header blocks of tests, and their decoded fields.</summary>
internal static class Blocks
{
    /// <summary>Bytes from hexadecimal digits, with optional spaces.</summary>
    public static byte[] Hex(string digits) => Convert.FromHexString(digits.Replace(" ", "", StringComparison.Ordinal));

    /// <summary>Decodes one block, which must be valid; each field as <c>name: value</c>.</summary>
    public static string[] Read(HpackDecoder decoder, ReadOnlySpan<byte> block)
    {
        var fields = new HeaderBlock(100_000, 1_000);
        Assert.Equal(Http2Error.NoError, decoder.Decode(block, fields));
        Assert.False(fields.IsTooLarge);
        return Fields(fields);
    }

    public static string[] Fields(HeaderBlock block)
    {
        var fields = new List<string>();
        foreach (var field in block.Fields)
        {
            fields.Add($"{Encoding.Latin1.GetString(field.NameIn(block.Text))}: {Encoding.Latin1.GetString(field.ValueIn(block.Text))}");
        }

        return [.. fields];
    }
}
