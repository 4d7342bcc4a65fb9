using System.Collections;
using Gateway.Core.Outcomes;

namespace Gateway.Tests.Outcomes;

public sealed class StatusSetTests
{
    [Fact]
    public void It_contains_the_statuses_it_was_made_of_and_no_other()
    {
        StatusSet set = [500, 503, 599];

        Assert.All((int[])[500, 503, 599], status => Assert.True(set.Contains(status)));
        Assert.All((int[])[499, 501, 502, 504, 598, 600, 200, 0, -1, 500 + 128, 503 - 128], status => Assert.False(set.Contains(status)));
        Assert.False(default(StatusSet).Contains(500));
    }

    [Fact]
    public void It_lists_them_in_order_however_they_were_given()
    {
        StatusSet set = [599, 503, 500, 503];

        Assert.Equal([500, 503, 599], set);
        Assert.Equal(StatusSet.Of(500, 503, 599), set);
        Assert.Equal(3, ((IEnumerable)set).Cast<object>().Count());
    }

    [Theory]
    [InlineData(499)]
    [InlineData(600)]
    public void Only_5xx_can_be_in_it(int status) => Assert.Throws<ArgumentOutOfRangeException>(() => StatusSet.Of(502, status));
}
