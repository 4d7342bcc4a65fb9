using System.Runtime.InteropServices;

namespace Gateway.Wire;

/// <summary>
/// The system calls of io_uring, for which the C library has no functions. Their numbers are the same on every architecture.
/// </summary>
internal static unsafe partial class Libc
{
    public const nint SetUpRing = 425;
    public const nint EnterRing = 426;
    public const nint RegisterWithRing = 427;

    public const int Canceled = 125;
    public const int NoBuffers = 105;
    public const int TimedOut = 62; // ETIME
    public const int Busy = 16;
    public const int NotPermitted = 1;
    public const int InvalidArgument = 22;
    public const int NotImplemented = 38;

    public const int ReadWrite = 3; // PROT_READ | PROT_WRITE
    public const int Shared = 0x8001; // MAP_SHARED | MAP_POPULATE
    public const int Private = 0x22; // MAP_PRIVATE | MAP_ANONYMOUS

    [LibraryImport(Library, EntryPoint = "syscall", SetLastError = true)]
    public static partial nint SystemCall(nint number, nint a, nint b, nint c, nint d, nint e, nint f);

    /// <summary>Returns -1 on failure.</summary>
    [LibraryImport(Library, EntryPoint = "mmap", SetLastError = true)]
    public static partial nint Map(nint at, nuint length, int protection, int flags, int descriptor, nint offset);

    [LibraryImport(Library, EntryPoint = "munmap", SetLastError = true)]
    public static partial int Unmap(nint at, nuint length);

    [LibraryImport(Library, EntryPoint = "socketpair", SetLastError = true)]
    public static partial int SocketPair(int family, int type, int protocol, int* pair);
}
