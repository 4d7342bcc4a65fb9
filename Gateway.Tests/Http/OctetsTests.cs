using CsCheck;
using Gateway.Http;

namespace Gateway.Tests.Http;

public sealed class OctetsTests
{
    [Fact]
    public void A_number_is_digits_alone_up_to_2_to_the_63_less_1() =>
        Gen.OneOf(
            Gen.Long[0, long.MaxValue].Select(n => n.ToString()),
            Gen.ULong.Select(n => n.ToString()),
            Gen.Char["0123456789+-. ,xe"].Array[0, 24].Select(c => new string(c)))
            .Sample(text =>
            {
                var isNumber = text.Length is > 0 and <= 19 && text.All(char.IsAsciiDigit) && long.TryParse(text, out _);
                Assert.Equal(isNumber ? long.Parse(text) : -1, Octets.Number(Heads.Bytes(text)));
            }, iter: 20_000);

    [Theory]
    [InlineData("9223372036854775807", long.MaxValue)]
    [InlineData("9223372036854775808", -1)]
    [InlineData("0000000000000000001", 1)]
    [InlineData("00000000000000000001", -1)]
    [InlineData("", -1)]
    public void Numbers_at_the_bound(string text, long number) => Assert.Equal(number, Octets.Number(Heads.Bytes(text)));

    [Fact]
    public void A_token_ends_where_its_first_other_byte_is() =>
        Gen.Byte.Array[0, 20].Sample(bytes => Assert.Equal(bytes.TakeWhile(b => Octets.Token.Contains(b)).Count(), Octets.TokenLength(bytes)));

    [Fact]
    public void Spaces_and_tabs_are_trimmed_and_nothing_else() =>
        Gen.Char[" \ta\r\n\v\u00a0"].Array[0, 10].Select(c => new string(c)).Sample(text =>
            Assert.Equal(Heads.Bytes(text.Trim(' ', '\t')), Octets.Trim(Heads.Bytes(text)).ToArray()));
}
