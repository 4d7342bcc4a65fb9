using Gateway.Http.Http2;
using static Gateway.Tests.Http.Http2.Blocks;

namespace Gateway.Tests.Http.Http2;

public sealed class HpackEncoderTests
{
    [Theory]
    [InlineData(200, "88")]
    [InlineData(204, "89")]
    [InlineData(206, "8a")]
    [InlineData(304, "8b")]
    [InlineData(400, "8c")]
    [InlineData(404, "8d")]
    [InlineData(500, "8e")]
    [InlineData(503, "08 03 353033")]
    [InlineData(100, "08 03 313030")]
    public void A_status_is_an_index_where_the_static_table_has_it(int status, string digits)
    {
        var to = new byte[5];
        Assert.Equal(Hex(digits), to[..HpackEncoder.Status(status, to)]);
    }

    [Theory]
    [InlineData(":method", "GET", "82")]
    [InlineData(":method", "POST", "83")]
    [InlineData(":Scheme", "https", "87")]
    [InlineData("accept-encoding", "gzip, deflate", "90")]
    [InlineData("Accept-Encoding", "gzip", "0f 01 04 677a6970")]
    [InlineData("server", "", "0f 27 00")]
    [InlineData("X-A", "B", "00 03 782d61 01 42")]
    [InlineData("X_A^", "B", "00 04 785f615e 01 42")]
    [InlineData("Date", "x", "0f 12 01 78")]
    [InlineData("authorization", "x", "1f 08 01 78")]
    [InlineData("Cookie", "x", "1f 11 01 78")]
    [InlineData("proxy-authorization", "x", "1f 22 01 78")]
    [InlineData("Set-Cookie", "x", "1f 28 01 78")]
    public void A_field_is_an_index_or_a_literal_that_no_table_takes(string name, string value, string digits)
    {
        var to = new byte[40];
        Assert.Equal(Hex(digits), to[..HpackEncoder.Field(System.Text.Encoding.ASCII.GetBytes(name), System.Text.Encoding.ASCII.GetBytes(value), to)]);
    }

    [Fact]
    public void Every_name_of_the_static_table_is_found_in_whatever_case()
    {
        for (var index = 1; index <= StaticTable.Count; index++)
        {
            var name = StaticTable.NameOf(index).ToArray();
            var found = StaticTable.IndexOf(name);
            Assert.True(found <= index && StaticTable.NameOf(found).SequenceEqual(name));
            Assert.Equal(found, StaticTable.IndexOf([.. name.Select(octet => octet is >= (byte)'a' and <= (byte)'z' ? (byte)(octet - 32) : octet)]));
            Assert.Equal(StaticTable.ValueOf(index).IsEmpty ? 0 : index, StaticTable.IndexOf(found, StaticTable.ValueOf(index)));
        }

        Assert.Equal(0, StaticTable.IndexOf("x-a"u8));
        Assert.Equal(0, StaticTable.IndexOf(""u8));
    }

    [Fact]
    public void Nothing_is_allocated()
    {
        var to = new byte[100];
        Encode();
        Allocations.AssertNone(Encode);

        void Encode()
        {
            for (var i = 0; i < 100; i++)
            {
                HpackEncoder.Status(503, to);
                HpackEncoder.Field("Content-Type"u8, "text/plain"u8, to);
                HpackEncoder.Field("X-Something"u8, "1"u8, to);
            }
        }
    }
}
