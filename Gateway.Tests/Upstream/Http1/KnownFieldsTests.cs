using System.Text;
using Gateway.Upstream;
using Gateway.Upstream.Http1;

namespace Gateway.Tests.Upstream.Http1;

public sealed class KnownFieldsTests
{
    private static KnownField[] All => [.. Enum.GetValues<KnownField>().Distinct().Where(known => known != KnownField.None)];

    [Fact]
    public void Each_known_name_is_that_of_its_constant() =>
        Assert.All(All, field => Assert.Equal(field, Enum.Parse<KnownField>(KnownFields.NameOf(field).Replace("-", ""), ignoreCase: true)));

    [Fact]
    public void Each_known_name_is_recognised_in_any_case() =>
        Assert.All(All, field =>
        {
            var name = KnownFields.NameOf(field);
            Assert.Equal(field, KnownFields.Of(Encoding.ASCII.GetBytes(name)));
            Assert.Equal(field, KnownFields.Of(Encoding.ASCII.GetBytes(name.ToUpperInvariant())));
            Assert.Equal(field, KnownFields.Of(Encoding.ASCII.GetBytes(name.ToLowerInvariant())));
        });

    [Theory]
    [InlineData("")]
    [InlineData("Dat")]
    [InlineData("Dave")]
    [InlineData("Content-Lengths")]
    [InlineData("Content_Length")]
    [InlineData("A-name-that-is-longer-than-any-known-one-can-be")]
    public void Any_other_name_is_not(string name) => Assert.Equal(KnownField.None, KnownFields.Of(Encoding.ASCII.GetBytes(name)));

    [Fact]
    public void Both_transports_have_the_same_hop_by_hop_fields() =>
        Assert.All(All, field => Assert.Equal(HopByHop.Contains(KnownFields.NameOf(field)), field <= KnownField.LastHopByHop));
}
