using Gateway.Core.Analytics;

namespace Gateway.Tests.Analytics;

public sealed class SeriesKeyTests
{
    [Fact]
    public void A_route_has_no_pool_and_a_pool_no_other_name()
    {
        Assert.Equal(new(SeriesKind.Route, "", "shop"), SeriesKey.Route("shop"));
        Assert.Equal(new(SeriesKind.Pool, "shop", ""), SeriesKey.OfPool("shop"));
    }

    [Fact]
    public void Keys_are_ordered_by_kind_pool_and_name()
    {
        SeriesKey[] ordered =
        [
            SeriesKey.Route("B"), SeriesKey.Route("a"), SeriesKey.Route("b"), SeriesKey.OfPool("a"), SeriesKey.OfPool("b"),
            SeriesKey.Endpoint("a", "x"), SeriesKey.Endpoint("a", "y"), SeriesKey.Endpoint("b", "a"),
        ];
        for (var i = 0; i < ordered.Length; i++)
        {
            for (var j = 0; j < ordered.Length; j++)
            {
                var (a, b) = (ordered[i], ordered[j]);
                Assert.Equal((i < j, i <= j, i > j, i >= j), (a < b, a <= b, a > b, a >= b));
            }
        }
    }

    [Fact]
    public void Kinds_have_the_names_of_the_API() => Assert.Equal(["route", "pool", "endpoint"], SeriesKinds.All.Select(kind => kind.Name()));
}
