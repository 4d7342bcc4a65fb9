using System.Text;
using Gateway.Http;

namespace Gateway.Tests.Http;

public sealed class FieldTextTests
{
    private const string Head = "GET / HTTP/1.1\r\nHost: a\r\nX-Tier: gold\r\nX-Zone:\r\nx-tier: iron\r\n\r\n";

    [Theory]
    [InlineData("Host", "a")]
    [InlineData("X-Tier", "gold")]
    [InlineData("x-TIER", "gold")]
    [InlineData("X-Zone", "")]
    [InlineData("X-Tie", null)]
    [InlineData("X-Tiers", null)]
    [InlineData("X-Size", null)]
    [InlineData("", null)]
    public void The_first_field_with_a_name_is_found_in_any_case_of_letters(string name, string? value)
    {
        var isFound = FieldText.TryFind(Heads.RequestOf(Head).Fields, Heads.Bytes(Head), Heads.Bytes(name), out var found);
        Assert.Equal((value is not null, value ?? ""), (isFound, Encoding.Latin1.GetString(found)));
    }
}
