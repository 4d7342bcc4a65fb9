using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Gateway.Wire.Tls;

/// <summary>
/// Buffers shared by the sessions of one loop: OpenSSL reads from them and writes to them, by callbacks, instead of using buffers of each session. Valid for
/// one call at a time; output is sent, and input passed on, before the next one.
/// </summary>
public sealed unsafe class TlsBuffers
{
    /// <summary>The largest payload of a record, in bytes.</summary>
    public const int Record = 16 * 1024;

    private const int OutputSize = 128 * 1024;
    private const int SourceSink = 0x400; // BIO_TYPE_SOURCE_SINK

    private static readonly nint Method = NewMethod();

    private readonly Ends[] _ends = GC.AllocateArray<Ends>(1, pinned: true);
    private readonly byte[] _output = GC.AllocateUninitializedArray<byte>(OutputSize, pinned: true);
    private readonly byte[] _received = GC.AllocateUninitializedArray<byte>(EventLoop.ReceiveSize, pinned: true);
    private readonly byte[] _joined = GC.AllocateUninitializedArray<byte>(Record, pinned: true);

    public TlsBuffers()
    {
        var output = (byte*)Unsafe.AsPointer(ref _output[0]);
        _ends[0] = new() { Output = output, OutputEnd = output + OutputSize };
    }

    /// <summary>The open sessions.</summary>
    public int Sessions { get; internal set; }

    /// <summary>The buffer for decrypted data; valid until the next receive.</summary>
    internal Span<byte> Received => _received;

    /// <summary>The buffer for one record whose data comes in two pieces.</summary>
    internal Span<byte> Joined => _joined;

    /// <summary>OpenSSL's output.</summary>
    internal ReadOnlySpan<byte> Output => _output.AsSpan(0, OutputLength);

    internal int OutputLength => (int)(_ends[0].Output - (byte*)Unsafe.AsPointer(ref _output[0]));

    /// <summary>Whether another record may not fit.</summary>
    internal bool IsOutputNearlyFull => OutputLength > OutputSize / 2;

    /// <summary>Sets OpenSSL's next input.</summary>
    internal void SetInput(byte* from, byte* end)
    {
        _ends[0].Input = from;
        _ends[0].InputEnd = end;
    }

    /// <summary>The end of the input read by OpenSSL.</summary>
    internal byte* InputAt => _ends[0].Input;

    /// <summary>
    /// The number of handshake messages that OpenSSL may still read: see <see cref="TlsCallbacks.CountMessages"/>. Negative: it has read too many.
    /// </summary>
    internal int MessagesLeft
    {
        get => _ends[0].MessagesLeft;
        set => _ends[0].MessagesLeft = value;
    }

    /// <summary>The order of handshakes.</summary>
    internal HandshakeTurns Turns { get; } = new();

    /// <summary>Counts the handshake messages that a session receives from now on.</summary>
    internal void CountMessages(nint session) => TlsCallbacks.CountMessages(session, (Ends*)Unsafe.AsPointer(ref _ends[0]));

    internal void ClearOutput() => _ends[0].Output = (byte*)Unsafe.AsPointer(ref _output[0]);

    /// <summary>Both ends of a session, which frees it; zero: out of memory.</summary>
    internal nint NewBio()
    {
        var bio = LibSsl.NewBio(Method);
        if (bio != 0)
        {
            LibSsl.SetBioData(bio, Unsafe.AsPointer(ref _ends[0]));
        }

        return bio;
    }

    private static nint NewMethod()
    {
        fixed (byte* name = "event loop\0"u8) // OpenSSL keeps a copy.
        {
            var method = LibSsl.NewBioMethod(LibSsl.NewBioIndex() | SourceSink, name);
            _ = LibSsl.SetBioRead(method, &Read);
            _ = LibSsl.SetBioWrite(method, &Write);
            _ = LibSsl.SetBioControl(method, &Control);
            return method;
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Read(nint bio, byte* to, int length)
    {
        var ends = (Ends*)LibSsl.BioData(bio);
        LibSsl.ClearBioFlags(bio, LibSsl.RetryFlags);
        var taken = (int)Math.Min(length, ends->InputEnd - ends->Input);
        if (taken <= 0)
        {
            LibSsl.SetBioFlags(bio, LibSsl.RetryRead);
            return -1;
        }

        Unsafe.CopyBlockUnaligned(to, ends->Input, (uint)taken);
        ends->Input += taken;
        return taken;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Write(nint bio, byte* from, int length)
    {
        var ends = (Ends*)LibSsl.BioData(bio);
        LibSsl.ClearBioFlags(bio, LibSsl.RetryFlags);
        var taken = (int)Math.Min(length, ends->OutputEnd - ends->Output);
        if (taken <= 0)
        {
            LibSsl.SetBioFlags(bio, LibSsl.RetryWrite);
            return -1;
        }

        Unsafe.CopyBlockUnaligned(ends->Output, from, (uint)taken);
        ends->Output += taken;
        return taken;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static nint Control(nint bio, int command, nint number, nint pointer) => command == LibSsl.ControlFlush ? 1 : 0;

    [StructLayout(LayoutKind.Sequential)]
    internal struct Ends
    {
        public byte* Input;
        public byte* InputEnd;
        public byte* Output;
        public byte* OutputEnd;
        public int MessagesLeft;

        /// <summary>Counts a message. The first one beyond the limit is the last that is read.</summary>
        public void CountMessage()
        {
            if (--MessagesLeft < 0)
            {
                InputEnd = Input;
            }
        }
    }
}
