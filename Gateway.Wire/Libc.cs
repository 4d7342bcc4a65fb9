using System.Runtime.InteropServices;

namespace Gateway.Wire;

/// <summary>
/// The system calls of the event loop on Linux. Blittable, so that a call needs no marshalling; the error number is in
/// <see cref="Marshal.GetLastPInvokeError"/>. No call suppresses the GC transition: each may take long enough to hold up a collection.
/// </summary>
internal static unsafe partial class Libc
{
    public const int StreamNonBlocking = 1 | 0x800 | 0x80000; // SOCK_STREAM, SOCK_NONBLOCK, SOCK_CLOEXEC
    public const int NonBlocking = 0x800;
    public const int CloseOnExec = 0x80000;
    public const int NoSignal = 0x4000;
    public const int Add = 1;
    public const int Delete = 2;
    public const int Modify = 3;
    public const int ShutdownWrite = 1;

    public const int Interrupted = 4;
    public const int TryAgain = 11;
    public const int TooManyOpenInSystem = 23;
    public const int TooManyOpen = 24;
    public const int BrokenPipe = 32;
    public const int Aborted = 103;
    public const int ConnectionReset = 104;
    public const int NetworkUnreachable = 101;
    public const int ConnectionRefused = 111;
    public const int HostUnreachable = 113;
    public const int InProgress = 115;

    private const string Library = "libc";
    private const int TimerSlack = 29; // PR_SET_TIMERSLACK

    public static int Error => Marshal.GetLastPInvokeError();

    [LibraryImport(Library, EntryPoint = "malloc_trim")]
    public static partial int TrimHeap(nuint keep);

    /// <summary>Sleeps for a number of microseconds; possibly longer unless <see cref="SleepExactly"/> was called.</summary>
    public static void Pause(int microseconds)
    {
        var time = stackalloc nint[2] { 0, microseconds * 1000 }; // struct timespec: seconds, nanoseconds
        _ = Sleep(time, null);
    }

    /// <summary>Disables the timer slack of the calling thread, which may add 50 µs to its sleeps.</summary>
    public static void SleepExactly() => _ = ControlThread(TimerSlack, 1, 0, 0, 0);

    [LibraryImport(Library, EntryPoint = "nanosleep")]
    private static partial int Sleep(nint* time, nint* left);

    [LibraryImport(Library, EntryPoint = "prctl")]
    private static partial int ControlThread(int option, nuint value, nuint second, nuint third, nuint fourth);

    [LibraryImport(Library, EntryPoint = "socket", SetLastError = true)]
    public static partial int Socket(int family, int type, int protocol);

    [LibraryImport(Library, EntryPoint = "connect", SetLastError = true)]
    public static partial int Connect(int descriptor, byte* address, uint length);

    [LibraryImport(Library, EntryPoint = "accept4", SetLastError = true)]
    public static partial int Accept(int descriptor, byte* address, uint* length, int flags);

    [LibraryImport(Library, EntryPoint = "close", SetLastError = true)]
    public static partial int Close(int descriptor);

    [LibraryImport(Library, EntryPoint = "shutdown", SetLastError = true)]
    public static partial int Shutdown(int descriptor, int how);

    [LibraryImport(Library, EntryPoint = "setsockopt", SetLastError = true)]
    public static partial int SetOption(int descriptor, int level, int name, void* value, uint length);

    [LibraryImport(Library, EntryPoint = "getsockopt", SetLastError = true)]
    public static partial int GetOption(int descriptor, int level, int name, void* value, uint* length);

    [LibraryImport(Library, EntryPoint = "ioctl", SetLastError = true)]
    public static partial int Control(int descriptor, nuint request, void* value);

    [LibraryImport(Library, EntryPoint = "recv", SetLastError = true)]
    public static partial nint Receive(int descriptor, byte* buffer, nuint length, int flags);

    [LibraryImport(Library, EntryPoint = "send", SetLastError = true)]
    public static partial nint Send(int descriptor, byte* buffer, nuint length, int flags);

    [LibraryImport(Library, EntryPoint = "sendmsg", SetLastError = true)]
    public static partial nint SendMessage(int descriptor, MessageHeader* message, int flags);

    [LibraryImport(Library, EntryPoint = "epoll_create1", SetLastError = true)]
    public static partial int CreatePoller(int flags);

    [LibraryImport(Library, EntryPoint = "epoll_ctl", SetLastError = true)]
    public static partial int Control(int poller, int operation, int descriptor, byte* interest);

    [LibraryImport(Library, EntryPoint = "epoll_wait", SetLastError = true)]
    public static partial int Wait(int poller, byte* events, int max, int milliseconds);

    [LibraryImport(Library, EntryPoint = "eventfd", SetLastError = true)]
    public static partial int CreateEvent(uint value, int flags);

    [LibraryImport(Library, EntryPoint = "read", SetLastError = true)]
    public static partial nint Read(int descriptor, byte* buffer, nuint length);

    [LibraryImport(Library, EntryPoint = "write", SetLastError = true)]
    public static partial nint Write(int descriptor, byte* buffer, nuint length);

    [LibraryImport(Library, EntryPoint = "open", SetLastError = true)]
    public static partial int Open(byte* path, int flags);

    /// <summary>struct iovec.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct IoVector
    {
        public byte* Base;
        public nuint Length;
    }

    /// <summary>struct msghdr of a 64-bit Linux.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct MessageHeader
    {
        public void* Name;
        public uint NameLength;
        public IoVector* Vectors;
        public nuint Count;
        public void* Control;
        public nuint ControlLength;
        public int Flags;
    }
}
