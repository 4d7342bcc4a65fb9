using Gateway.Wire;

namespace Gateway.Node.WarmUp;

/// <summary>The memory that the start has needed and that nothing needs any more.</summary>
internal static class ProcessMemory
{
    /// <summary>
    /// Gives the system back what is free in the collector's heap, and in the C library's, where the compiler works: there each thread that has
    /// compiled keeps some MiB. To be called once, when the process is warm: it stops everything for as long as a full collection takes.
    /// </summary>
    public static void GiveBack()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        NativeHeap.Trim();
    }
}
