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
    public void Calls_are_recognized_by_the_type_of_their_content(string type, bool isGrpc) => Assert.Equal(isGrpc, GrpcFields.IsGrpc(Encoding.Latin1.GetBytes(type)));

    [Theory]
    [InlineData("POST", "Content-Type: application/grpc\r\n", true)]
    [InlineData("POST", "X-A: b\r\ncontent-type: application/grpc+proto\r\n", true)]
    [InlineData("GET", "Content-Type: application/grpc\r\n", false)]
    [InlineData("POST", "Content-Type: text/plain\r\n", false)]
    [InlineData("POST", "", false)]
    public void A_call_is_a_POST_with_that_type(string method, string fields, bool isCall)
    {
        var head = $"{method} / HTTP/1.1\r\nHost: a\r\n{fields}\r\n";
        Assert.Equal(isCall, GrpcFields.IsCall(Heads.RequestOf(head), Heads.Bytes(head)));
    }

    [Theory]
    [InlineData("", null)]
    [InlineData("grpc-timeout: 5S\r\n", 5.0)]
    [InlineData("X-A: b\r\nGrpc-Timeout: 5S\r\nX-C: d\r\n", 5.0)]
    public void A_request_has_the_timeout_of_its_field(string fields, double? seconds)
    {
        var head = $"POST / HTTP/1.1\r\nHost: a\r\n{fields}\r\n";
        Assert.True(GrpcFields.TryReadTimeout(Heads.RequestOf(head), Heads.Bytes(head), out var timeout));
        Assert.Equal(seconds, timeout?.TotalSeconds);
    }

    [Theory]
    [InlineData("grpc-timeout: 5s\r\n")]
    [InlineData("grpc-timeout:\r\n")]
    [InlineData("grpc-timeout: 5S\r\ngrpc-timeout: 5S\r\n")]
    public void A_malformed_or_repeated_timeout_is_not_read(string fields)
    {
        var head = $"POST / HTTP/1.1\r\nHost: a\r\n{fields}\r\n";
        Assert.False(GrpcFields.TryReadTimeout(Heads.RequestOf(head), Heads.Bytes(head), out _));
    }

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
    public void The_remaining_time_is_written_as_it_is_read() => Gen.OneOf(Gen.Long[-5, 99_999_999], Gen.Long[100_000_000, 99_999_999_999]).Sample(left =>
    {
        var room = new byte[GrpcFields.TimeoutLength];
        GrpcFields.WriteTimeout(room, left);
        Assert.True(GrpcFields.TryParseTimeout(room, out var read));
        var isExact = left < 100_000_000;
        Assert.Equal(isExact ? Math.Max(1, left) : left / 1000 * 1000, (long)read.TotalMilliseconds);
    });

    [Theory]
    [InlineData(-1, "00000001m")]
    [InlineData(0, "00000001m")]
    [InlineData(1_234, "00001234m")]
    [InlineData(99_999_999, "99999999m")]
    [InlineData(100_000_000, "00100000S")]
    [InlineData(100_000_999, "00100000S")]
    [InlineData(long.MaxValue, "99999999S")]
    public void Eight_digits_of_milliseconds_are_followed_by_seconds_and_a_call_that_is_due_has_one_left(long left, string text)
    {
        var room = new byte[GrpcFields.TimeoutLength];
        GrpcFields.WriteTimeout(room, left);
        Assert.Equal(text, Encoding.ASCII.GetString(room));
    }

    [Theory]
    [InlineData("0", 0)]
    [InlineData("5", 5)]
    [InlineData("16", 16)]
    [InlineData("99", 99)]
    [InlineData("", -1)]
    [InlineData("100", -1)]
    [InlineData("005", -1)]
    [InlineData("-1", -1)]
    [InlineData("OK", -1)]
    public void A_status_is_one_or_two_digits(string text, long status) => Assert.Equal(status, GrpcFields.StatusOf(Encoding.Latin1.GetBytes(text)));

    [Theory]
    [InlineData("plain text", "plain text")]
    [InlineData("~\u007f", "~%7F")]
    [InlineData("100 %", "100 %25")]
    [InlineData("a\r\nb", "a%0D%0Ab")]
    [InlineData("\u00e9", "%C3%A9")]
    public void A_message_has_no_octet_that_a_field_may_not_have(string message, string encoded) => Assert.Equal(encoded, GrpcFields.Encode(message));
}
