using Gateway.Node.Engine;

namespace Gateway.Tests.Engine;

public sealed class FrameBoundaryTests
{
    private static readonly byte[][] Frames =
    [
        [0x81, 0x00],
        [0x81, 0x02, 1, 2],
        [0x82, 0x82, 9, 9, 9, 9, 1, 2],
        [0x82, 126, 0, 126, .. new byte[126]],
        [0x82, 0xfe, 0x01, 0x00, 9, 9, 9, 9, .. new byte[256]],
        [0x82, 127, 0, 0, 0, 0, 0, 1, 0, 0, .. new byte[65536]],
        [0x89, 0x00],
    ];

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(4096)]
    [InlineData(int.MaxValue)]
    public void It_is_between_frames_where_a_frame_ends_and_nowhere_else(int size)
    {
        var ends = new HashSet<int>();
        var bytes = new List<byte>();
        foreach (var frame in Frames)
        {
            bytes.AddRange(frame);
            ends.Add(bytes.Count);
        }

        var all = bytes.ToArray();
        var boundary = new FrameBoundary();
        Assert.True(boundary.IsBetweenFrames);
        for (var at = 0; at < all.Length;)
        {
            var piece = Math.Min(size, all.Length - at);
            boundary.Follow(all.AsSpan(at, piece));
            at += piece;
            Assert.True(ends.Contains(at) == boundary.IsBetweenFrames, $"at {at}");
        }

        Assert.False(boundary.IsClosed);
    }

    [Fact]
    public void A_close_frame_is_remembered()
    {
        var boundary = new FrameBoundary();
        boundary.Follow([0x88, 0x02, 0x03]);
        boundary.Follow([0xe8]);
        Assert.True(boundary.IsClosed);
        Assert.True(boundary.IsBetweenFrames);
    }
}
