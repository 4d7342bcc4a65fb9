namespace Gateway.Tests;

/// <summary>Managed memory that code allocates on the thread that runs it.</summary>
internal static class Allocations
{
    private const int Rounds = 20;

    /// <summary>
    /// Asserts that code which has run before allocates nothing. One of several rounds without an allocation proves it: code that allocates does so in every round,
    /// while the runtime may allocate on the same thread in a round in which it replaces compiled code.
    /// </summary>
    public static void AssertNone(Action round)
    {
        var fewest = long.MaxValue;
        for (var i = 0; i < Rounds && fewest > 0; i++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            round();
            fewest = Math.Min(fewest, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.Equal(0, fewest);
    }
}
