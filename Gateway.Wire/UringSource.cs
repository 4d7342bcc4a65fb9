using System.Runtime.InteropServices;

namespace Gateway.Wire;

/// <summary>
/// Waits by io_uring. Sends and receives of channels are gathered during a turn, and submitted by the call that waits for the next one; a plain
/// exchange makes no other call. A poller within the ring watches descriptors without an operation: listeners, and sockets whose peer has ended.
/// </summary>
internal sealed unsafe class UringSource : EventSource
{
    private const int MaxSubmissions = 1024;
    private const int MaxCompletions = 4096;

    /// <summary>The number of exchanges in flight from which the loop gathers sends and waits for several completions.</summary>
    private const int MinToGather = 8;

    /// <summary>It waits for one completion per this many exchanges, but for no more than <see cref="MaxAwaited"/>.</summary>
    private const int ExchangesForOne = 4;

    private const int MaxAwaited = 16;

    /// <summary>The wait for several completions, in microseconds; then it takes the available ones.</summary>
    private const int MaxWaitMicroseconds = 100;

    private const int OperationShift = 24;
    private const ulong TokenMask = ~(0xFFul << OperationShift);

    private readonly EventLoop _loop;
    private readonly Ring _ring;
    private readonly ReceiveBuffers _buffers;
    private readonly RingScratch _scratch = new();
    private readonly List<UringChannel> _listed = [];
    private readonly bool _isChecked;
    private readonly int _wake;
    private readonly ulong* _wakeCount;
    private int _sends;
    private int _ending;
    private bool _isWakeAwaited;
    private bool _isPollAwaited;
    private bool _ends;

    public UringSource(EventLoop loop, bool isChecked, int receiveBuffers)
    {
        (_loop, _isChecked) = (loop, isChecked);
        _ring = new Ring(MaxSubmissions, MaxCompletions);
        _buffers = new ReceiveBuffers(_ring, isChecked, receiveBuffers);
        Poller = new Poller();
        _wakeCount = (ulong*)NativeMemory.AlignedAlloc(sizeof(ulong), sizeof(ulong));
        _wake = Libc.CreateEvent(0, Libc.CloseOnExec); // Blocking: the ring would not wait for a non-blocking one.
        if (_wake < 0)
        {
            throw new WireException("eventfd", Libc.Error);
        }
    }

    public override Poller Poller { get; }

    /// <summary>The buffers with received data.</summary>
    public ReceiveBuffers Buffers => _buffers;

    /// <summary>
    /// Whether channels gather their sends until the end of the turn. It saves a call per send and makes a wait for several completions worth its
    /// timer; under low load an immediate call is cheaper. Loops with checked buffers alternate.
    /// </summary>
    public bool Gathers { get; private set; }

    /// <summary>The number of receives repeated because all buffers were in use.</summary>
    public long Starved { get; set; }

    public override void Begin()
    {
        Libc.SleepExactly();
        _ring.Enable();
        AwaitWake();
        AwaitPoll();
    }

    public override void Wait(int milliseconds)
    {
        Prepare();
        if (milliseconds == 0)
        {
            Enter(0, 0, 0);
        }
        else if (Gathers && _ring.CanWaitForMany)
        {
            Enter(Math.Clamp(_loop.Exchanges / ExchangesForOne, 1, MaxAwaited) + _sends, milliseconds, MaxWaitMicroseconds); // Sends complete at once, so they are not waited for.
        }
        else
        {
            Enter(1, milliseconds, 0);
        }

        _sends = 0;
        Gathers = _isChecked ? !Gathers : _ring.CanWaitForMany && _loop.Exchanges >= MinToGather;
    }

    public override void Dispatch()
    {
        for (var left = _ring.Completed; left > 0; left--)
        {
            Tell(_ring.Take());
        }
    }

    public override void Wake()
    {
        ulong one = 1;
        _ = Libc.Write(_wake, (byte*)&one, sizeof(ulong));
    }

    public override Channel Connect(ReadOnlySpan<byte> address, IChannelHandler handler)
    {
        var channel = new UringChannel(_loop, this) { Handler = handler };
        channel.BeginConnect(address);
        return channel;
    }

    public override Channel Adopt(int descriptor)
    {
        var channel = new UringChannel(_loop, this);
        channel.Begin(descriptor);
        return channel;
    }

    /// <summary>Lists a channel with something to send or receive, to be asked at the end of the turn.</summary>
    public void List(UringChannel channel) => _listed.Add(channel);

    public void Receive(int descriptor, ulong token, bool isReady)
    {
        var receive = Next(Submission.Receive, descriptor, UringOperation.Receive, token);
        receive->Flags = Submission.PicksBuffer;
        receive->Priority = isReady ? (ushort)0 : Submission.WaitsFirst;
    }

    /// <summary>Sends the blocks of a chain, as many as fit into one operation; they must stay unchanged until it completes.</summary>
    /// <param name="isBlocked">Whether the system refused the bytes before these.</param>
    /// <returns>The number of bytes sent.</returns>
    public int Send(int descriptor, ulong token, Block first, bool isBlocked)
    {
        const int MaxVectors = 16;
        var memory = first.Next is null ? null : _scratch.TryTake(sizeof(Libc.MessageHeader) + (MaxVectors * sizeof(Libc.IoVector)));
        var send = Next(memory is null ? Submission.Send : Submission.SendMessage, descriptor, UringOperation.Send, token);
        send->OperationFlags = Libc.NoSignal;
        send->Priority = isBlocked ? Submission.WaitsFirst : (ushort)0;
        _sends += isBlocked ? 0 : 1;
        if (memory is null)
        {
            (send->Address, send->Length) = ((ulong)(first.Memory + first.Start), (uint)first.Length);
            return first.Length;
        }

        var message = (Libc.MessageHeader*)memory;
        var vectors = (Libc.IoVector*)(message + 1);
        var (count, length) = (0, 0);
        for (var block = first; block is not null && count < MaxVectors; block = block.Next)
        {
            vectors[count++] = new() { Base = block.Memory + block.Start, Length = (nuint)block.Length };
            length += block.Length;
        }

        *message = new() { Vectors = vectors, Count = (nuint)count };
        (send->Address, send->Length) = ((ulong)message, 1);
        return length;
    }

    public void Connect(int descriptor, ulong token, ReadOnlySpan<byte> address)
    {
        var memory = _scratch.TryTake(address.Length);
        if (memory is null)
        {
            Enter(0, 0, 0);
            memory = _scratch.TryTake(address.Length);
        }

        address.CopyTo(new Span<byte>(memory, address.Length));
        var connect = Next(Submission.Connect, descriptor, UringOperation.Connect, token);
        (connect->Address, connect->Offset) = ((ulong)memory, (ulong)address.Length);
    }

    /// <summary>Cancels an operation of a channel; its completion still arrives.</summary>
    public void Cancel(UringOperation operation, ulong token)
    {
        var cancel = Next(Submission.Cancel, -1, UringOperation.Cancel, 0);
        cancel->Address = TokenOf(operation, token);
    }

    /// <summary>Counts a closed channel that waits for its operations to complete.</summary>
    public void Ending() => _ending++;

    public void Ended() => _ending--;

    public override void End()
    {
        Prepare();
        Enter(0, 0, 0); // Submits the accepted sends.
        Dispatch();
        _ends = true;
        while (_ending > 0 || _isWakeAwaited || _isPollAwaited)
        {
            Prepare();
            Next(Submission.Cancel, -1, UringOperation.Cancel, 0)->OperationFlags = Submission.CancelsAll;
            Enter(1, -1, 0);
            Dispatch();
        }
    }

    public override void Dispose()
    {
        _ring.Dispose();
        _buffers.Dispose();
        _scratch.Dispose();
        _ = Libc.Close(_wake);
        Poller.Dispose();
        NativeMemory.AlignedFree(_wakeCount);
    }

    private static ulong TokenOf(UringOperation operation, ulong token) => token | ((ulong)operation << OperationShift);

    private Submission* Next(byte code, int descriptor, UringOperation operation, ulong token)
    {
        var next = _ring.Next();
        (next->Operation, next->Descriptor, next->Token) = (code, descriptor, TokenOf(operation, token));
        return next;
    }

    private void Prepare()
    {
        for (var i = 0; i < _listed.Count; i++)
        {
            _listed[i].Prepare();
        }

        _listed.Clear();
    }

    private void Enter(int completions, int milliseconds, int maxWait)
    {
        _ring.Enter(completions, milliseconds, maxWait);
        if (_ring.IsHandedOver)
        {
            _scratch.Clear();
        }
    }

    private void Tell(in Completion completion)
    {
        switch ((UringOperation)(byte)(completion.Token >> OperationShift))
        {
            case UringOperation.Cancel:
                break;
            case UringOperation.Wake:
                AwaitWake();
                break;
            case UringOperation.Poll:
                _loop.Tell(Poller, Poller.Wait(0));
                AwaitPoll();
                break;
            default:
                TellChannel(completion);
                break;
        }
    }

    private void TellChannel(in Completion completion)
    {
        // A channel keeps its token until its last operation has completed, so no completion reaches another channel.
        var channel = (UringChannel)_loop.Find(completion.Token & TokenMask)!;
        _loop.Guard(static (told, how) => told.OnCompleted((UringOperation)(byte)(how.Token >> OperationShift), how), channel, completion);
    }

    private void AwaitWake()
    {
        _isWakeAwaited = !_ends;
        if (_isWakeAwaited)
        {
            var read = Next(Submission.Read, _wake, UringOperation.Wake, 0);
            (read->Address, read->Length) = ((ulong)_wakeCount, sizeof(ulong));
        }
    }

    /// <summary>Polls once per event, so that events pending in the poller complete it at once.</summary>
    private void AwaitPoll()
    {
        _isPollAwaited = !_ends;
        if (_isPollAwaited)
        {
            Next(Submission.PollAdd, Poller.Descriptor, UringOperation.Poll, 0)->OperationFlags = (uint)Readiness.Input;
        }
    }
}
