using Gateway.Core.Overrides;

namespace Gateway.Tests.Overrides;

public sealed class EndpointChangeTests
{
    [Theory]
    [InlineData(Remark.MaxWhoLength - 1, Remark.MaxWhoLength - 1)]
    [InlineData(Remark.MaxWhoLength, Remark.MaxWhoLength)]
    [InlineData(Remark.MaxWhoLength + 1, Remark.MaxWhoLength)]
    public void The_name_of_an_operator_is_cut_if_it_is_too_long(int length, int kept)
    {
        var who = string.Concat(Enumerable.Range(0, length).Select(i => (char)('a' + (i % 26))));
        Assert.Equal(who[..kept], new EndpointChange.Drain().On(known: null, new(Time: 1, Writer: 7), who)!.Who);
    }
}
