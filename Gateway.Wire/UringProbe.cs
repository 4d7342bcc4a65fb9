namespace Gateway.Wire;

/// <summary>Checks whether io_uring is usable here: containers often forbid it, and older systems lack features the loop needs.</summary>
public static unsafe class UringProbe
{
    private const int PairFamily = 1; // AF_UNIX
    private const int TimeoutMilliseconds = 1000;

    /// <summary>Sets up a ring as a loop does and receives a byte through it.</summary>
    /// <returns>Null if that works, otherwise the reason.</returns>
    public static string? FaultOf()
    {
        if (!OperatingSystem.IsLinux())
        {
            return "it requires Linux";
        }

        try
        {
            return TryReceive() ? null : "it lacks an operation that the event loops need";
        }
        catch (WireException fault)
        {
            return TextOf(fault);
        }
    }

    /// <summary>Describes a failed call for a user who chose io_uring.</summary>
    internal static string TextOf(WireException fault) => fault.Error switch
    {
        Libc.NotPermitted => $"the system forbids it ({fault.Message}); see kernel.io_uring_disabled and the container's seccomp profile",
        Libc.NotImplemented or Libc.InvalidArgument => $"the kernel is too old ({fault.Message}); it requires Linux 6.1 or later",
        _ => fault.Message,
    };

    private static bool TryReceive()
    {
        var pair = stackalloc int[2];
        if (Libc.SocketPair(PairFamily, Libc.StreamNonBlocking, 0, pair) < 0)
        {
            throw new WireException("socketpair", Libc.Error);
        }

        ReceiveBuffers? buffers = null;
        try
        {
            using var ring = new Ring(submissions: 4, completions: 8);
            buffers = new ReceiveBuffers(ring, isChecked: false, count: 1);
            ring.Enable();
            var receive = ring.Next();
            (receive->Operation, receive->Descriptor, receive->Flags, receive->Priority) = (Submission.Receive, pair[0], Submission.PicksBuffer, Submission.WaitsFirst);
            var word = (byte)'!';
            var send = ring.Next();
            (send->Operation, send->Descriptor, send->Address, send->Length, send->Token) = (Submission.Send, pair[1], (ulong)(&word), 1, 1);
            ring.Enter(completions: 2, TimeoutMilliseconds, maxWait: 0);
            var isReceived = false;
            for (var left = ring.Completed; left > 0; left--)
            {
                var completion = ring.Take();
                isReceived |= completion is { Token: 0, Result: 1, Buffer: 0 } && buffers.Take(0, 1)[0] == word;
            }

            return isReceived;
        }
        finally
        {
            buffers?.Dispose();
            _ = Libc.Close(pair[0]);
            _ = Libc.Close(pair[1]);
        }
    }
}
