namespace Gateway.Wire;

/// <summary>The heap of the C library, used by the runtime's compiler and for native buffers.</summary>
public static class NativeHeap
{
    /// <summary>Returns free heap memory to the system. Does nothing on systems other than Linux, or with a C library that retains little (musl).</summary>
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
            // musl does not have this function.
        }
    }
}
