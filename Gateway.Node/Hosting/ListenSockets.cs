using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace Gateway.Node.Hosting;

/// <summary>
/// The listening sockets of the ingress. Closing one resets every connection that the system has accepted and the server has not, and those clients have
/// already sent their requests; on a busy machine there are many. So the sockets are shut first: packets that would begin a connection are dropped, so that
/// their clients retry and are refused, and connections already admitted are accepted. Linux only; elsewhere nothing happens.
/// </summary>
internal sealed class ListenSockets(TimeProvider clock)
{
    /// <summary>The time for TCP handshakes in progress.</summary>
    private static readonly TimeSpan Settling = TimeSpan.FromMilliseconds(100);

    private static readonly TimeSpan CheckInterval = TimeSpan.FromMilliseconds(5);

    // From Linux's headers: asm-generic/socket.h and linux/tcp.h.
    private const int SocketLevel = 1;
    private const int AttachFilter = 26;
    private const int TcpLevel = 6;
    private const int TcpInfo = 11;

    /// <summary>The offset of tcpi_unacked: on a listening socket, the number of connections waiting to be accepted.</summary>
    private const int TcpInfoUnacked = 24;

    /// <summary>
    /// Classic BPF on the TCP header: a segment with SYN is dropped, all others pass. Connections inherit it, and never receive such a segment.
    /// </summary>
    private static readonly ulong[] NoSyn =
    [
        Instruction(code: 0x30, jumpTrue: 0, jumpFalse: 0, k: 13), // load the byte of the flags
        Instruction(code: 0x45, jumpTrue: 0, jumpFalse: 1, k: 0x02), // SYN?
        Instruction(code: 0x06, jumpTrue: 0, jumpFalse: 0, k: 0), // drop
        Instruction(code: 0x06, jumpTrue: 0, jumpFalse: 0, k: uint.MaxValue), // pass
    ];

    private readonly List<Socket> _sockets = [];

    /// <summary>Creates a socket for Kestrel, which closes it.</summary>
    public Socket Create(EndPoint endpoint)
    {
        var socket = SocketTransportOptions.CreateDefaultBoundListenSocket(endpoint);
        _sockets.Add(socket);
        return socket;
    }

    /// <summary>Admits no further connections; completes when the server has accepted all admitted ones, at the limit, or when cancelled.</summary>
    public async Task ShutAsync(TimeSpan limit, CancellationToken cancellation = default)
    {
        if (!OperatingSystem.IsLinux() || _sockets.Count == 0)
        {
            return;
        }

        var begun = clock.GetTimestamp();
        _sockets.ForEach(DropNew);
        await Task.Delay(Settling, clock, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        while (_sockets.Exists(socket => Waiting(socket) > 0) && clock.GetElapsedTime(begun) < limit && !cancellation.IsCancellationRequested)
        {
            await Task.Delay(CheckInterval, clock, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static void DropNew(Socket socket)
    {
        var pinned = GCHandle.Alloc(NoSyn, GCHandleType.Pinned);
        try
        {
            // struct sock_fprog: a count, and an aligned pointer.
            Span<byte> program = stackalloc byte[2 * IntPtr.Size];
            program.Clear();
            MemoryMarshal.Write(program, (ushort)NoSyn.Length);
            MemoryMarshal.Write(program[IntPtr.Size..], pinned.AddrOfPinnedObject());
            socket.SetRawSocketOption(SocketLevel, AttachFilter, program);
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // The system does not allow it: then closing works as in other servers.
        }
        finally
        {
            pinned.Free();
        }
    }

    private static uint Waiting(Socket socket)
    {
        Span<byte> info = stackalloc byte[TcpInfoUnacked + sizeof(uint)];
        try
        {
            return socket.GetRawSocketOption(TcpLevel, TcpInfo, info) == info.Length ? MemoryMarshal.Read<uint>(info[TcpInfoUnacked..]) : 0;
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            return 0;
        }
    }

    /// <summary>struct sock_filter.</summary>
    private static ulong Instruction(ushort code, byte jumpTrue, byte jumpFalse, uint k)
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        MemoryMarshal.Write(bytes, code);
        (bytes[2], bytes[3]) = (jumpTrue, jumpFalse);
        MemoryMarshal.Write(bytes[4..], k);
        return MemoryMarshal.Read<ulong>(bytes);
    }
}
