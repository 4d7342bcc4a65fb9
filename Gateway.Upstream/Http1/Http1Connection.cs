using System.Runtime.CompilerServices;
using System.Threading.Tasks.Sources;

namespace Gateway.Upstream.Http1;

/// <summary>
/// One connection to an endpoint:
/// <code>
/// Busy --PutIdle--> Idle --TryTake--> Busy        Busy, Idle --close--> Closed
/// </code>
/// Its place in the pool is freed once: by whoever closes it while it is busy, else by whoever finds it closed on the stack of idle ones.
/// It has a receive pending while it is idle: whatever completes it then (a close, bytes nobody asked for) ends the connection, and
/// otherwise it is the very receive that brings the next answer's head. So a close is noticed at once, at no extra system call.
/// </summary>
internal sealed partial class Http1Connection : IValueTaskSource<int>
{
    private const long NoDeadline = long.MaxValue;
    private const long Claimed = long.MinValue;

    private readonly Stream _stream;
    private readonly Action _onReceived;
    private readonly Action<Http1Connection, bool> _onClosed;
    private ManualResetValueTaskSourceCore<int> _received;
    private ValueTaskAwaiter<int> _pending;
    private FirstBytes? _tell;
    private readonly ReceiveBuffer _input = new();
    private int _state = (int)ConnectionState.Busy;
    private int _receive = (int)Receive.None;
    private int _cause;
    private long _deadline = NoDeadline;

    /// <param name="slot">Its place in the pool.</param>
    /// <param name="expiresAt">When it is too old to be used again, in ticks of the transport's clock.</param>
    /// <param name="onClosed">Told once, by whoever closes it, and whether it was idle then: its place is not free yet.</param>
    /// <param name="limits">Of what the endpoint may answer; null: the default.</param>
    public Http1Connection(Stream stream, int slot, long expiresAt, Action<Http1Connection, bool> onClosed, CodecLimits? limits = null)
    {
        limits ??= CodecLimits.Default;
        (Parser, Trailers) = (new(limits), new(limits.MaxFields));
        (_stream, Slot, ExpiresAt) = (stream, slot, expiresAt);
        (_onClosed, _onReceived) = (onClosed, OnReceived);
    }

    public int Slot { get; }

    /// <summary>Carries its exchanges, made at the first.</summary>
    public Http1Attempt? Attempt { get; set; }

    /// <summary>Reads the heads of this connection's answers.</summary>
    public ResponseHeadParser Parser { get; }

    /// <summary>The trailer fields of the answer under way.</summary>
    public FieldList Trailers { get; }

    /// <summary>What the answers say to the client.</summary>
    public AnswerFields Answer { get; } = new();

    /// <summary>What is about to be written. Left to the collector at the end: a write may still be under way when the connection is closed.</summary>
    public PooledBuffer Output { get; } = new(4096);

    public long ExpiresAt { get; }

    /// <summary>When it went idle last, in ticks; the clean-up and requests that want a fresh one go by it.</summary>
    public long IdleSince { get; private set; }

    /// <summary>When an idle one closes, in ticks: the pool's idle timeout, or earlier where the endpoint said so.</summary>
    public long IdleUntil { get; private set; }

    /// <summary>Whether it has carried an answer before: if it breaks before a byte, it may have been closed for idleness.</summary>
    public bool Reused { get; private set; }

    public CloseCause Cause => (CloseCause)Volatile.Read(ref _cause);

    public bool IsIdle => Volatile.Read(ref _state) == (int)ConnectionState.Idle;

    public bool IsClosed => Volatile.Read(ref _state) == (int)ConnectionState.Closed;

    /// <summary>Whether the stream ended without the endpoint's word for it, as only TLS can tell.</summary>
    public bool IsCutShort => _stream is SecureStream { IsCutShort: true };

    /// <summary>What has been received and not consumed.</summary>
    public ReadOnlyMemory<byte> Input => _input.Content;

    public void Consume(int bytes) => _input.Consume(bytes);

    /// <summary>
    /// Receives more into <see cref="Input"/>: how many bytes, 0 at the end of the stream. Grows the buffer up to the limit, beyond it throws.
    /// Joins the receive that has been pending since the connection was idle.
    /// </summary>
    public ValueTask<int> FillAsync(int limit)
    {
        BeginReceive(limit);
        return new ValueTask<int>(this, _received.Version);
    }

    /// <summary>Begins the receive that <see cref="FillAsync"/> joins, and has its end told. True: it has ended, and nothing will be told.</summary>
    public bool BeginFill(int limit, FirstBytes tell)
    {
        BeginReceive(limit);
        Interlocked.Exchange(ref _tell, tell);
        return Volatile.Read(ref _receive) == (int)Receive.Completed && Interlocked.Exchange(ref _tell, null) is not null;
    }

    /// <summary>Receives straight into the caller's memory what <see cref="Input"/> does not hold.</summary>
    public ValueTask<int> ReadAsync(Memory<byte> destination) => _stream.ReadAsync(destination);

    public ValueTask WriteAsync(ReadOnlyMemory<byte> bytes) => _stream.WriteAsync(bytes);

    /// <summary>When the clean-up closes it, in ticks.</summary>
    public long Deadline => Volatile.Read(ref _deadline);

    /// <summary>From when on the clean-up closes it under its owner's hands, in ticks. One that it has claimed stays claimed.</summary>
    public void SetDeadline(long at)
    {
        long before;
        do
        {
            before = Volatile.Read(ref _deadline);
        }
        while (before != Claimed && Interlocked.CompareExchange(ref _deadline, at, before) != before);
    }

    /// <summary>The same if the deadline is still this one: who sets another meanwhile knows better.</summary>
    public void ReplaceDeadline(long expected, long at) => Interlocked.CompareExchange(ref _deadline, at, expected);

    /// <summary>Puts off the deadline, if there is one.</summary>
    public void PutOffDeadline(long at)
    {
        if (Deadline is var before and not (Claimed or NoDeadline) && before < at)
        {
            Interlocked.CompareExchange(ref _deadline, at, before); // Where that fails, the other side has just moved it.
        }
    }

    public void ClearDeadline() => SetDeadline(NoDeadline);

    /// <summary>Closes it if its deadline, or while idle its time, has passed. Called by the clean-up.</summary>
    public void Expire(long now)
    {
        var deadline = Volatile.Read(ref _deadline);
        if (deadline <= now && deadline != Claimed && Interlocked.CompareExchange(ref _deadline, Claimed, deadline) == deadline)
        {
            Close(ConnectionState.Busy, CloseCause.Deadline);
        }
        else if ((IdleUntil <= now || ExpiresAt <= now) && IsIdle)
        {
            Close(ConnectionState.Idle, CloseCause.None);
        }
    }

    /// <summary>Closes it under its owner's hands, who learns why by <see cref="Cause"/>.</summary>
    public void Abort(CloseCause cause) => Close(ConnectionState.Busy, cause);

    /// <summary>Closes it, by its owner.</summary>
    public void Close() => Close(ConnectionState.Busy, CloseCause.None);

    /// <summary>Closes it if it is idle.</summary>
    public void CloseIdle() => Close(ConnectionState.Idle, CloseCause.None);

    /// <summary>Ends the owner's use and begins the receive that watches over the idle connection. False: it was closed instead.</summary>
    public bool PutIdle(long now, long idleUntil)
    {
        var deadline = Volatile.Read(ref _deadline);
        var ours = deadline != Claimed && Interlocked.CompareExchange(ref _deadline, NoDeadline, deadline) == deadline;
        if (!ours || !_input.IsEmpty || IsClosed)
        {
            Close(); // Its deadline has passed, or bytes are left over that nobody asked for.
            return false;
        }

        Output.Trim();
        Reused = true;
        IdleSince = now;
        IdleUntil = idleUntil;
        if (_receive == (int)Receive.None)
        {
            _input.Shrink();
            BeginReceive(); // Else nothing was asked of it, and the last one is still pending.
        }

        if (Interlocked.CompareExchange(ref _state, (int)ConnectionState.Idle, (int)ConnectionState.Busy) != (int)ConnectionState.Busy)
        {
            return false;
        }

        if (Volatile.Read(ref _receive) == (int)Receive.Completed)
        {
            CloseIdle(); // The pool finds it closed, as any other that closes while it is idle.
        }

        return true;
    }

    /// <summary>
    /// Takes an idle connection for an attempt. False: it has been closed, or should have been and is now; its place is the caller's, to be freed.
    /// </summary>
    public bool TryTake()
    {
        if (Interlocked.CompareExchange(ref _state, (int)ConnectionState.Busy, (int)ConnectionState.Idle) != (int)ConnectionState.Idle)
        {
            return false;
        }

        if (Volatile.Read(ref _receive) == (int)Receive.Completed)
        {
            Close(ConnectionState.Busy, CloseCause.None, wasIdle: true); // Not busy in truth: the caller has its place, as of any that closed while idle.
            return false;
        }

        return true;
    }

    int IValueTaskSource<int>.GetResult(short token)
    {
        try
        {
            var received = _received.GetResult(token);
            _input.Add(received);
            return received;
        }
        finally
        {
            _received.Reset();
            Volatile.Write(ref _receive, (int)Receive.None);
        }
    }

    ValueTaskSourceStatus IValueTaskSource<int>.GetStatus(short token) => _received.GetStatus(token);

    void IValueTaskSource<int>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _received.OnCompleted(continuation, state, token, flags);

    private void Close(ConnectionState from, CloseCause cause) => Close(from, cause, from == ConnectionState.Idle);

    private void Close(ConnectionState from, CloseCause cause, bool wasIdle)
    {
        if (cause != CloseCause.None)
        {
            Interlocked.CompareExchange(ref _cause, (int)cause, (int)CloseCause.None);
        }

        if (Interlocked.CompareExchange(ref _state, (int)ConnectionState.Closed, (int)from) == (int)from)
        {
            _stream.Dispose();
            _onClosed(this, wasIdle);
        }
    }
}
