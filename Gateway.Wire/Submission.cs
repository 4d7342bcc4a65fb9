using System.Runtime.InteropServices;

namespace Gateway.Wire;

/// <summary>struct io_uring_sqe: one operation for the system.</summary>
[StructLayout(LayoutKind.Explicit, Size = 64)]
internal struct Submission
{
    public const byte PollAdd = 6;
    public const byte SendMessage = 9;
    public const byte Cancel = 14;
    public const byte Connect = 16;
    public const byte Read = 22;
    public const byte Send = 26;
    public const byte Receive = 27;

    /// <summary>In <see cref="Flags"/>: the system picks a buffer of <see cref="BufferGroup"/>.</summary>
    public const byte PicksBuffer = 1 << 5;

    /// <summary>In <see cref="Priority"/>: wait for the socket to be ready before the first try.</summary>
    public const ushort WaitsFirst = 1;

    /// <summary>In <see cref="OperationFlags"/> of a <see cref="Cancel"/>: all operations that match, and all match.</summary>
    public const uint CancelsAll = 1 | (1 << 2);

    [FieldOffset(0)]
    public byte Operation;

    [FieldOffset(1)]
    public byte Flags;

    [FieldOffset(2)]
    public ushort Priority;

    [FieldOffset(4)]
    public int Descriptor;

    [FieldOffset(8)]
    public ulong Offset;

    [FieldOffset(16)]
    public ulong Address;

    [FieldOffset(24)]
    public uint Length;

    [FieldOffset(28)]
    public uint OperationFlags;

    /// <summary>Returned with the completion.</summary>
    [FieldOffset(32)]
    public ulong Token;

    [FieldOffset(40)]
    public ushort BufferGroup;
}
