namespace Gateway.Wire;

/// <summary>The heap of the C library, from which the runtime's compiler and native buffers come.</summary>
public static class NativeHeap
{
    /// <summary>Gives the system back what is free of it. Not on systems other than Linux, nor with a C library that keeps little to itself (musl).</summary>
    public static void Trim()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        try
        {
            _ = Libc.TrimHeap(0);
        }
        catch (EntryPointNotFoundException)
        {
            // musl: it has no such call.
        }
    }
}
