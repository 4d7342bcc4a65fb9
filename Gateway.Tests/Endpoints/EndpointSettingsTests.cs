using Gateway.Core.Endpoints;

namespace Gateway.Tests.Endpoints;

public sealed class EndpointSettingsTests
{
    [Theory]
    [InlineData("a", true)]
    [InlineData("eu-west.1_b", true)]
    [InlineData("-", true)]
    [InlineData("", false)]
    [InlineData("eu west", false)]
    [InlineData("eu/west", false)]
    [InlineData("zürich", false)]
    public void A_zone_is_named_with_letters_digits_dots_dashes_and_underscores(string name, bool valid) =>
        Assert.Equal(valid, EndpointSettings.IsZoneName(name));

    [Fact]
    public void A_zone_has_a_name_of_at_most_64_characters()
    {
        Assert.True(EndpointSettings.IsZoneName(new('z', 64)));
        Assert.False(EndpointSettings.IsZoneName(new('z', 65)));
    }
}
