using System.Collections.Concurrent;

namespace Gateway.Wire;

/// <summary>
/// One thread and its connections, driven by their events. All work of those connections is done here, from an event to its
/// end, so nothing may block. Other threads use only <see cref="Post"/>.
/// <code>
/// turn:  wait (until an event, or the next deadline) -> events -> posted actions -> deadlines -> end-of-turn actions -> deferred closes
/// </code>
/// Its <see cref="EventSource"/> does the waiting: epoll, io_uring, or a monitor where there is neither.
/// </summary>
public sealed partial class EventLoop : IDisposable
{
    /// <summary>The maximum size of one receive, in bytes; limits how long one connection can hold up the others.</summary>
    public const int ReceiveSize = 64 * 1024;

    /// <summary>A turn that takes longer delays all connections, and is counted.</summary>
    private const int SlowTurnMilliseconds = 5;

    private readonly ConcurrentQueue<Action> _posted = new();
    private readonly List<Channel> _closing = [];
    private readonly List<Action> _atEnd = [];
    private readonly PollTable _targets = new();
    private readonly TimeProvider _time;
    private readonly Thread _thread;
    private readonly EventSource _source;
    private int _wakeAsked;
    private int _connections;
    private volatile bool _stopping;
    private long _lastStamp;

    /// <param name="name">The name of its thread.</param>
    /// <param name="kind">The kind of its event source.</param>
    /// <param name="isChecked">Whether its buffers are poisoned and guarded.</param>
    public EventLoop(string name, TimeProvider time, LoopKind kind = LoopKind.Epoll, bool isChecked = false)
        : this(name, time, kind, isChecked, ReceiveBuffers.Enough)
    {
    }

    /// <param name="receiveBuffers">The number of receive buffers on io_uring.</param>
    internal EventLoop(string name, TimeProvider time, LoopKind kind, bool isChecked, int receiveBuffers)
        : this(name, time, loop => EventSource.Create(kind, loop, isChecked, receiveBuffers), isChecked) => Kind = kind;

    /// <summary>Creates a loop on the caller's source; the caller may drive it by <see cref="Turn"/> instead of starting it.</summary>
    internal EventLoop(string name, TimeProvider time, Func<EventLoop, EventSource> sourceOf, bool isChecked)
    {
        (_time, Kind) = (time, LoopKind.Portable);
        Blocks = new BlockPool(isChecked);
        _source = sourceOf(this);
        _lastStamp = Timestamp = time.GetTimestamp();
        _thread = new Thread(Run) { Name = name, IsBackground = true };
    }

    public LoopKind Kind { get; }

    /// <summary>The time for deadlines, in milliseconds, as of this turn. It stands still while the process is stopped.</summary>
    public long Now { get; private set; } = 1;

    /// <summary>The clock's reading at the start of this turn.</summary>
    public long Timestamp { get; private set; }

    /// <summary>The loop's buffers.</summary>
    public BlockPool Blocks { get; }

    /// <summary>The number of its connections. Any thread may read it.</summary>
    public int Connections => Volatile.Read(ref _connections);

    /// <summary>The number of turns that took more than 5 ms. Any thread may read it.</summary>
    public long SlowTurns { get; private set; }

    /// <summary>The number of times the process was stopped and resumed. Any thread may read it.</summary>
    public long Pauses { get; private set; }

    /// <summary>
    /// The exchanges in flight, as counted by their owners. With many of them a loop lets several events accumulate, for at most a tenth of a millisecond.
    /// </summary>
    public int Exchanges { get; set; }

    /// <summary>Called, on the loop, with the length of a turn that took more than 5 ms.</summary>
    public Action<TimeSpan>? OnSlowTurn { get; set; }

    /// <summary>Called for an exception that no handler caught; the loop continues.</summary>
    public Action<Exception>? OnFault { get; set; }

    /// <summary>Whether the calling thread is the loop's.</summary>
    public bool IsCurrent => Environment.CurrentManagedThreadId == _thread.ManagedThreadId;

    /// <summary>Whether posted actions are waiting.</summary>
    internal bool HasPosted => !_posted.IsEmpty;

    internal TimingWheel Wheel { get; } = new();

    /// <summary>Watches descriptors other than channels. Not on a portable loop.</summary>
    internal Poller Poller => _source.Poller;

    internal EventSource Source => _source;

    public void Start() => _thread.Start();

    /// <summary>
    /// Runs an action on the loop, in the order of the calls. Any thread; the loop's own thread needs no wake-up, as it checks before it waits.
    /// </summary>
    public void Post(Action action)
    {
        _posted.Enqueue(action);
        if (!IsCurrent && Interlocked.Exchange(ref _wakeAsked, 1) == 0)
        {
            _source.Wake();
        }
    }

    /// <summary>Starts a connect; the handler is notified of the result. Bytes sent before it completes are buffered.</summary>
    /// <param name="address">The system's form: <see cref="System.Net.SocketAddress"/>.</param>
    public Channel Connect(ReadOnlySpan<byte> address, IChannelHandler handler) => _source.Connect(address, handler);

    /// <summary>Adopts a connection. Not on a portable loop.</summary>
    /// <param name="descriptor">A connected, non-blocking socket; the loop closes it.</param>
    public Channel Adopt(int descriptor) => _source.Adopt(descriptor);

    /// <summary>Adopts a connection with another transport.</summary>
    public Channel Adopt(PipeConnection connection)
    {
        var channel = new PipeChannel(this);
        channel.Begin(connection);
        return channel;
    }

    /// <summary>Starts a connect by another transport; the handler is notified of the result.</summary>
    /// <param name="connect">Runs off the loop. Cancelled if the channel is closed first.</param>
    public Channel Connect(Func<CancellationToken, Task<PipeConnection>> connect, IChannelHandler handler)
    {
        var channel = new PipeChannel(this) { Handler = handler };
        channel.BeginConnect(connect);
        return channel;
    }

    /// <summary>Stops the loop at the end of its turn and closes its connections. Call it once, from another thread.</summary>
    public void Stop()
    {
        Post(() => _stopping = true);
        _thread.Join();
    }

    public void Dispose()
    {
        _source.Dispose();
        Blocks.Dispose();
    }

    /// <summary>Runs an action on the loop after a time. Loop thread only.</summary>
    internal void After(int milliseconds, Action action) => new LoopTimer(this, action).Deadline = Now + milliseconds;

    /// <summary>Calls an entry whose deadline has passed. An exception does not affect the others.</summary>
    internal void RunDue(Timed entry) => Guard(static (timed, _) => timed.OnDue(), entry, Readiness.None);

    /// <summary>Calls a target now, as if the system had reported an event.</summary>
    internal void Tell(IPollTarget target, Readiness ready) => Guard(static (t, r) => t.OnReady(r), target, ready);

    /// <summary>Calls the targets of a poller's events.</summary>
    internal void Tell(Poller poller, int count)
    {
        for (var i = 0; i < count; i++)
        {
            if (_targets.Find(poller.TokenOf(i)) is { } target)
            {
                Tell(target, poller.ReadinessOf(i));
            }
        }
    }

    /// <summary>The time since the start of this turn.</summary>
    internal double MicrosecondsInTurn => _time.GetElapsedTime(Timestamp).TotalMicroseconds;

    /// <summary>Returns the time from a clock reading to the start of this turn.</summary>
    internal double MicrosecondsSince(long stamp) => _time.GetElapsedTime(stamp, Timestamp).TotalMicroseconds;

    /// <summary>Returns null if it has been unregistered since.</summary>
    internal IPollTarget? Find(ulong token) => _targets.Find(token);

    internal ulong Register(IPollTarget target) => _targets.Add(target);

    internal void Unregister(ulong token) => _targets.Remove(token);

    internal void Opened() => Volatile.Write(ref _connections, _connections + 1);

    /// <summary>Closes the descriptor after the turn's events, since its number must not be reused before.</summary>
    internal void CloseLater(Channel channel)
    {
        Volatile.Write(ref _connections, _connections - 1);
        _closing.Add(channel);
    }

    private void Run()
    {
        _source.Begin();
        while (!_stopping)
        {
            Turn();
        }

        foreach (var target in _targets.All)
        {
            (target as Channel)?.Close();
        }

        CloseAll();
        _source.End();
    }

    /// <summary>Runs one turn, on the loop's thread or the caller's if the caller drives it.</summary>
    internal void Turn()
    {
        var wait = !_posted.IsEmpty ? 0 : Wheel.UntilNext(Now);
        _source.Wait(wait);
        Timestamp = _time.GetTimestamp();
        Tick(wait);
        _source.Dispatch();
        RunPosted();
        Wheel.Advance(Now);
        RunAtEnd();
        CloseAll();
        var taken = _time.GetElapsedTime(Timestamp);
        if (taken.TotalMilliseconds > SlowTurnMilliseconds)
        {
            SlowTurns++;
            OnSlowTurn?.Invoke(taken);
        }
    }

    private void RunAtEnd()
    {
        for (var i = 0; i < _atEnd.Count; i++)
        {
            Guard(static (run, _) => run(), _atEnd[i], Readiness.None);
        }

        _atEnd.Clear();
    }

    private void RunPosted()
    {
        if (Volatile.Read(ref _wakeAsked) != 0 || !_posted.IsEmpty)
        {
            Interlocked.Exchange(ref _wakeAsked, 0); // Reset before the queue is read: a later post wakes the loop.
            for (var left = _posted.Count; left > 0 && _posted.TryDequeue(out var action); left--)
            {
                Guard(static (run, _) => run(), action, Readiness.None);
            }
        }
    }

    private void CloseAll()
    {
        for (var i = 0; i < _closing.Count; i++)
        {
            _closing[i].Release();
        }

        _closing.Clear();
    }

    /// <summary>Keeps an exception in one connection's handler from ending all of them: reports it, and abandons the connection.</summary>
    internal void Guard<T, TEvent>(Action<T, TEvent> act, T target, TEvent what)
    {
        try
        {
            act(target, what);
        }
#pragma warning disable CA1031 // Any exception: the loop's other connections go on, and the fault is reported.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            OnFault?.Invoke(fault);
            if (target is Channel { IsClosed: false } channel)
            {
                Guard(static (broken, _) => broken.Abandon(), channel, Readiness.None); // The handler is told of the end, and may throw again.
            }
        }
    }
}
