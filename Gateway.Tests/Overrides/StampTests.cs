using Gateway.Core.Overrides;

namespace Gateway.Tests.Overrides;

public sealed class StampTests
{
    [Theory]
    [InlineData(1, 9, 2, 1, -1)]
    [InlineData(2, 1, 2, 9, -1)]
    [InlineData(2, 1, 2, 1, 0)]
    [InlineData(2, 9, 2, 1, 1)]
    [InlineData(2, 1, 1, 9, 1)]
    public void The_time_decides_and_between_concurrent_changes_the_writer(long time, long writer, long otherTime, long otherWriter, int order)
    {
        var (stamp, other) = (new Stamp(time, writer), new Stamp(otherTime, otherWriter));
        Assert.Equal(order, Math.Sign(stamp.CompareTo(other)));
        Assert.Equal((order < 0, order <= 0, order > 0, order >= 0), (stamp < other, stamp <= other, stamp > other, stamp >= other));
    }
}
