using System.Net;
using System.Net.Sockets;
using System.Text;
using CsCheck;
using Gateway.Http;

namespace Gateway.Tests.Http;

public sealed class Ipv6TextTests
{
    private static readonly Gen<string> GenAddress = Gen.Select(Gen.Byte.Array[16], Gen.Int[0, 16], Gen.Int[0, 16], (bytes, from, count) =>
    {
        bytes.AsSpan(from, Math.Min(count, bytes.Length - from)).Clear();
        return new IPAddress(bytes).ToString();
    });

    [Theory]
    [InlineData("::", true)]
    [InlineData("::1", true)]
    [InlineData("1::", true)]
    [InlineData("2001:DB8::a", true)]
    [InlineData("1:2:3:4:5:6:7:8", true)]
    [InlineData("1:2:3:4:5:6:7::", true)]
    [InlineData("::ffff:10.0.0.1", true)]
    [InlineData("1:2:3:4:5:6:10.0.0.255", true)]
    [InlineData("", false)]
    [InlineData(":", false)]
    [InlineData(":::", false)]
    [InlineData("1", false)]
    [InlineData("1:2:3:4:5:6:7", false)]
    [InlineData("1:2:3:4:5:6:7:8:9", false)]
    [InlineData("1:2:3:4::5:6:7:8", false)]
    [InlineData("1::2::3", false)]
    [InlineData(":1:2:3:4:5:6:7", false)]
    [InlineData("1:2:3:4:5:6:7:", false)]
    [InlineData("12345::", false)]
    [InlineData("g::", false)]
    [InlineData("::1%1", false)]
    [InlineData("10.0.0.1", false)]
    [InlineData("10.0.0.1::", false)]
    [InlineData("::10.0.0", false)]
    [InlineData("::10.0.0.1.1", false)]
    [InlineData("::10.0.0.256", false)]
    [InlineData("::10.0.0.01", false)]
    [InlineData("::1.2.3.+4", false)]
    [InlineData("1:2:3:4:5:6:7:10.0.0.1", false)]
    public void An_address_has_eight_groups_or_a_gap_for_some(string text, bool isValid) => Assert.Equal(isValid, Ipv6Text.IsValid(Encoding.Latin1.GetBytes(text)));

    [Fact]
    public void Every_address_is_valid_as_it_is_printed() => GenAddress.Sample(text => Assert.True(Ipv6Text.IsValid(Encoding.ASCII.GetBytes(text)), text), iter: 10_000);

    [Fact]
    public void A_valid_text_is_an_address_of_IPv6() =>
        Gen.Select(GenAddress, Gen.Int[0, 40], Gen.Char["01f:."], Gen.Bool).Sample((text, at, character, isAdded) =>
        {
            at = Math.Min(at, text.Length - 1);
            var changed = text[..at] + character + text[(isAdded ? at : at + 1)..];
            if (Ipv6Text.IsValid(Encoding.ASCII.GetBytes(changed)))
            {
                Assert.True(IPAddress.TryParse(changed, out var address) && address.AddressFamily == AddressFamily.InterNetworkV6, changed);
            }
        }, iter: 10_000);
}
