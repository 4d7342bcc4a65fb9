using CsCheck;
using Gateway.Http;

namespace Gateway.Tests.Http;

public sealed class HostTextTests
{
    [Theory]
    [InlineData("")]
    [InlineData("a")]
    [InlineData("a.example")]
    [InlineData("a.example:8080")]
    [InlineData("a.example:")]
    [InlineData("10.0.0.1:65535")]
    [InlineData("[::1]")]
    [InlineData("[::1]:80")]
    [InlineData("[::ffff:10.0.0.1]:443")]
    [InlineData("sub_domain.example")]
    [InlineData("%41.example")]
    public void A_host_with_or_without_a_port_is_valid(string host) => Assert.True(HostText.IsValid(Heads.Bytes(host)));

    [Theory]
    [InlineData(" ")]
    [InlineData("a b")]
    [InlineData("a,b c")]
    [InlineData("a/b")]
    [InlineData("a@b")]
    [InlineData("a?b")]
    [InlineData("a#b")]
    [InlineData("a\\b")]
    [InlineData("a:b")]
    [InlineData("a:80:80")]
    [InlineData("a:123456")]
    [InlineData("a:-1")]
    [InlineData(":80")]
    [InlineData("[]")]
    [InlineData("[::1")]
    [InlineData("::1")]
    [InlineData("[::1]a")]
    [InlineData("[::g]")]
    [InlineData("[::1]:8o")]
    [InlineData("a\0")]
    [InlineData("a\u00e4")]
    public void Anything_else_is_not(string host) => Assert.False(HostText.IsValid(Heads.Bytes(host)));

    [Fact]
    public void No_host_that_is_valid_holds_a_byte_that_ends_an_authority() =>
        Gen.Char["a0.-:[]%@/\\?# \t,;\u0080"].Array[0, 10].Select(c => new string(c)).Sample(host =>
        {
            if (HostText.IsValid(Heads.Bytes(host)))
            {
                Assert.DoesNotContain(host, c => c is '@' or '/' or '\\' or '?' or '#' or ' ' or '\t' or > '~');
            }
        }, iter: 20_000);
}
