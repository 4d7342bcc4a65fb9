using Gateway.Upstream.Http1;

namespace Gateway.Tests.Upstream.Http1;

/// <summary>Looks for bytes in buffers that had gone back, which only debug builds can see.</summary>
internal static class Leaks
{
    public static void AssertNone()
    {
#if DEBUG
        Assert.Equal(0, BufferPool.CountWrittenAfterReturn());
#endif
    }
}
