using System.Text;
using CsCheck;
using Gateway.Http;

namespace Gateway.Tests.Http;

public sealed class GrpcFieldsTests
{
    [Theory]
    [InlineData("application/grpc", true)]
    [InlineData("Application/GRPC+proto", true)]
    [InlineData("application/grpc;charset=utf-8", true)]
    [InlineData("application/grpc ; a=b", true)]
    [InlineData("application/grpc-web", false)]
    [InlineData("application/grpcx", false)]
    [InlineData("application/grp", false)]
    [InlineData("", false)]
    public void Calls_are_told_by_the_type_of_their_content(string type, bool isGrpc) => Assert.Equal(isGrpc, GrpcFields.IsGrpc(Encoding.Latin1.GetBytes(type)));

    [Theory]
    [InlineData("1H", 3_600_000_000)]
    [InlineData("99999999H", 359_999_996_400_000_000)]
    [InlineData("2M", 120_000_000)]
    [InlineData("00000003S", 3_000_000)]
    [InlineData("4m", 4_000)]
    [InlineData("5u", 5)]
    [InlineData("6000n", 6)]
    [InlineData("0n", 0)]
    public void A_timeout_is_digits_and_a_unit(string text, long microseconds)
    {
        Assert.True(GrpcFields.TryParseTimeout(Encoding.Latin1.GetBytes(text), out var timeout));
        Assert.Equal(TimeSpan.FromMicroseconds(microseconds), timeout);
    }

    [Theory]
    [InlineData("")]
    [InlineData("1")]
    [InlineData("S")]
    [InlineData("1s")]
    [InlineData("1 S")]
    [InlineData("+1S")]
    [InlineData("1.5S")]
    [InlineData("123456789S")]
    [InlineData("1SS")]
    public void Anything_else_is_malformed(string text) => Assert.False(GrpcFields.TryParseTimeout(Encoding.Latin1.GetBytes(text), out _));

    [Fact]
    public void What_is_left_is_written_as_it_is_read() => Gen.Long[-5, 99_999_999_999].Sample(left =>
    {
        var room = new byte[GrpcFields.TimeoutLength];
        GrpcFields.WriteTimeout(room, left);
        Assert.True(GrpcFields.TryParseTimeout(room, out var read));
        var isExact = left < 100_000_000;
        Assert.Equal(isExact ? Math.Max(1, left) : left / 1000 * 1000, (long)read.TotalMilliseconds);
    });

    [Theory]
    [InlineData("plain text", "plain text")]
    [InlineData("100 %", "100 %25")]
    [InlineData("a\r\nb", "a%0D%0Ab")]
    [InlineData("\u00e9", "%C3%A9")]
    public void A_message_has_no_octet_that_a_field_may_not_have(string message, string encoded) => Assert.Equal(encoded, GrpcFields.Encode(message));
}
