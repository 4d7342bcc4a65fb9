using Gateway.Core.Addressing;
using Gateway.Core.Overrides;

namespace Gateway.Tests.Overrides;

public sealed class OverridePartTests
{
    private static readonly EndpointId One = TestEndpoints.Id(1);
    private static readonly EndpointId Two = TestEndpoints.Id(2);
    private static readonly EndpointOverride Drained = new([new(new(Time: 3, Writer: 7), RemarkKind.Drained, "test")]);
    private static readonly EndpointOverride Reweighted = new([new(new(Time: 3, Writer: 7), RemarkKind.Reweighted, "test", Weight: 5)]);

    [Fact]
    public void Its_time_is_the_latest_of_its_writers_and_zero_if_it_has_none()
    {
        Assert.Equal(0, OverridePart.Empty.Time);
        Assert.Equal(5, OverridePart.Of([], [new(7, 3), new(8, 5), new(9, 4)]).Time);
    }

    [Fact]
    public void A_received_part_equals_the_one_that_was_sent()
    {
        var sent = OverridePart.Empty.With(One, Drained, new(3, 7)).With(Two, Reweighted, new(4, 8)).With(Two, null, new(5, 9));
        Assert.Equal(sent, OverridePart.Of(sent.Words, sent.Seen));
    }

    [Fact]
    public void Of_an_endpoint_or_a_writer_that_comes_twice_the_last_counts()
    {
        var received = OverridePart.Of([new(One, Drained), new(One, Reweighted)], [new(7, 3), new(7, 4)]);
        Assert.Equal(OverridePart.Of([new(One, Reweighted)], [new(7, 4)]), received);
    }

    [Fact]
    public void A_received_override_without_remarks_is_dropped() =>
        Assert.Equal(OverridePart.Of([new(Two, Drained)], []), OverridePart.Of([new(One, new([])), new(Two, Drained)], []));

    [Fact]
    public void Parts_differ_by_each_override_and_by_the_time_of_each_writer()
    {
        var part = OverridePart.Of([new(One, Drained)], [new(7, 3)]);
        Assert.NotEqual(part, OverridePart.Of([], [new(7, 3)]));
        Assert.NotEqual(part, OverridePart.Of([new(One, Reweighted)], [new(7, 3)]));
        Assert.NotEqual(part, OverridePart.Of([new(Two, Drained)], [new(7, 3)]));
        Assert.NotEqual(part, OverridePart.Of([new(One, Drained), new(Two, Drained)], [new(7, 3)]));
        Assert.NotEqual(part, OverridePart.Of([new(One, Drained)], []));
        Assert.NotEqual(part, OverridePart.Of([new(One, Drained)], [new(7, 4)]));
        Assert.NotEqual(part, OverridePart.Of([new(One, Drained)], [new(8, 3)]));
        Assert.NotEqual(part, OverridePart.Of([new(One, Drained)], [new(7, 3), new(8, 3)]));
        Assert.False(part.Equals(null));
    }

    [Fact]
    public void A_part_with_nothing_new_leaves_the_other_as_it_is()
    {
        var part = OverridePart.Of([new(One, Drained)], [new(7, 3)]);
        Assert.Same(part, part.Merge(OverridePart.Empty));
        Assert.Same(part, part.Merge(OverridePart.Of([new(One, Drained)], [new(7, 3)])));
        Assert.Same(part, part.Merge(OverridePart.Of([], [new(7, 2)])));
        Assert.Same(part, part.Merge(OverridePart.Of([], [new(8, 0)]))); // Stamps begin at 1, so that writer has not been seen.
    }
}
