using Gateway.Wire;

namespace Gateway.Node.WarmUp;

/// <summary>Releases memory needed only during startup.</summary>
internal static class ProcessMemory
{
    /// <summary>
    /// Returns free memory of the collector's heap to the system, and that of the C library's heap, used by the compiler: there each thread that has compiled
    /// keeps some MiB. Called once, when the process is warm: it stops everything for the duration of a full collection.
    /// </summary>
    public static void GiveBack()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        NativeHeap.Trim();
    }
}
