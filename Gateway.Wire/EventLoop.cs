using System.Collections.Concurrent;

namespace Gateway.Wire;

/// <summary>
/// One thread and the connections that belong to it, driven by what they are ready for. All work of those connections is done here, from an event to its
/// end, so nothing may wait. Other threads reach it by <see cref="Post"/> alone.
/// <code>
/// turn:  wait (until an event, or the next deadline) -> events -> what was posted -> deadlines -> what was left for the end -> close what was closed
/// </code>
/// What it waits on is its <see cref="EventSource"/>'s matter: epoll, io_uring, or a monitor where there is neither.
/// </summary>
public sealed partial class EventLoop : IDisposable
{
    /// <summary>What a call to receive takes in at most, in bytes; the fairness between connections.</summary>
    public const int ReceiveSize = 64 * 1024;

    /// <summary>A turn that takes longer holds everybody up, and is counted.</summary>
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

    /// <param name="name">Of its thread.</param>
    /// <param name="kind">What it waits on.</param>
    /// <param name="isChecked">Whether its buffers are poisoned and guarded.</param>
    public EventLoop(string name, TimeProvider time, LoopKind kind = LoopKind.Epoll, bool isChecked = false)
        : this(name, time, kind, isChecked, ReceiveBuffers.Enough)
    {
    }

    /// <param name="receiveBuffers">Of a loop on io_uring.</param>
    internal EventLoop(string name, TimeProvider time, LoopKind kind, bool isChecked, int receiveBuffers)
        : this(name, time, loop => EventSource.Create(kind, loop, isChecked, receiveBuffers), isChecked) => Kind = kind;

    /// <summary>A loop on a source of the caller's, who may drive it by <see cref="Turn"/> instead of starting it.</summary>
    internal EventLoop(string name, TimeProvider time, Func<EventLoop, EventSource> sourceOf, bool isChecked)
    {
        (_time, Kind) = (time, LoopKind.Portable);
        Blocks = new BlockPool(isChecked);
        _source = sourceOf(this);
        _lastStamp = Timestamp = time.GetTimestamp();
        _thread = new Thread(Run) { Name = name, IsBackground = true };
    }

    public LoopKind Kind { get; }

    /// <summary>The time by which deadlines go, in milliseconds, as of this turn. It stands still while the process does.</summary>
    public long Now { get; private set; } = 1;

    /// <summary>The clock's reading at the beginning of this turn.</summary>
    public long Timestamp { get; private set; }

    /// <summary>The loop's buffers.</summary>
    public BlockPool Blocks { get; }

    /// <summary>Connections that belong to it. May be read by any thread.</summary>
    public int Connections => Volatile.Read(ref _connections);

    /// <summary>Turns that took more than 5 ms. May be read by any thread.</summary>
    public long SlowTurns { get; private set; }

    /// <summary>Times that the process was stopped and went on. May be read by any thread.</summary>
    public long Pauses { get; private set; }

    /// <summary>
    /// Exchanges under way, as those who run them count them. With many of them a loop lets several events gather, for a tenth of a millisecond at most.
    /// </summary>
    public int Exchanges { get; set; }

    /// <summary>Called, on the loop, with the length of a turn that took more than 5 ms.</summary>
    public Action<TimeSpan>? OnSlowTurn { get; set; }

    /// <summary>Called when something was thrown that nobody took; the loop goes on.</summary>
    public Action<Exception>? OnFault { get; set; }

    /// <summary>Whether the calling thread is the loop's.</summary>
    public bool IsCurrent => Environment.CurrentManagedThreadId == _thread.ManagedThreadId;

    /// <summary>Whether something was posted that has not been done.</summary>
    internal bool HasPosted => !_posted.IsEmpty;

    internal TimingWheel Wheel { get; } = new();

    /// <summary>Watches descriptors that are no channels. Not on a portable loop.</summary>
    internal Poller Poller => _source.Poller;

    internal EventSource Source => _source;

    public void Start() => _thread.Start();

    /// <summary>Has something done on the loop, in the order of the calls. By any thread; the loop's own looks before it waits, and need not be woken.</summary>
    public void Post(Action action)
    {
        _posted.Enqueue(action);
        if (!IsCurrent && Interlocked.Exchange(ref _wakeAsked, 1) == 0)
        {
            _source.Wake();
        }
    }

    /// <summary>Begins to connect; the handler is told what comes of it. What is sent before that is kept until then.</summary>
    /// <param name="address">As the system has it: <see cref="System.Net.SocketAddress"/>.</param>
    public Channel Connect(ReadOnlySpan<byte> address, IChannelHandler handler) => _source.Connect(address, handler);

    /// <summary>Takes over a connection. Not on a portable loop.</summary>
    /// <param name="descriptor">A connected socket that does not block; the loop closes it.</param>
    public Channel Adopt(int descriptor) => _source.Adopt(descriptor);

    /// <summary>Takes over a connection that something else carries.</summary>
    public Channel Adopt(PipeConnection connection)
    {
        var channel = new PipeChannel(this);
        channel.Begin(connection);
        return channel;
    }

    /// <summary>Begins to connect by something else than a socket of the loop's own; the handler is told what comes of it.</summary>
    /// <param name="connect">Runs off the loop. Cancelled when the channel is closed before.</param>
    public Channel Connect(Func<CancellationToken, Task<PipeConnection>> connect, IChannelHandler handler)
    {
        var channel = new PipeChannel(this) { Handler = handler };
        channel.BeginConnect(connect);
        return channel;
    }

    /// <summary>Ends the loop at the end of its turn and closes what is left on it. To be called once, by another thread.</summary>
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

    /// <summary>Has something done on the loop once a time has passed. By the loop's thread.</summary>
    internal void After(int milliseconds, Action action) => new LoopTimer(this, action).Deadline = Now + milliseconds;

    /// <summary>Tells one whose deadline has passed. What it throws keeps none of the others from being told.</summary>
    internal void RunDue(Timed entry) => Guard(static (timed, _) => timed.OnDue(), entry, Readiness.None);

    /// <summary>Tells a target now, as if the system had.</summary>
    internal void Tell(IPollTarget target, Readiness ready) => Guard(static (t, r) => t.OnReady(r), target, ready);

    /// <summary>Tells the targets of a poller's events.</summary>
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

    /// <summary>From the beginning of this turn until now.</summary>
    internal double MicrosecondsInTurn => _time.GetElapsedTime(Timestamp).TotalMicroseconds;

    /// <summary>From a reading of the clock to the beginning of this turn.</summary>
    internal double MicrosecondsSince(long stamp) => _time.GetElapsedTime(stamp, Timestamp).TotalMicroseconds;

    /// <summary>Null when it has been unregistered since.</summary>
    internal IPollTarget? Find(ulong token) => _targets.Find(token);

    internal ulong Register(IPollTarget target) => _targets.Add(target);

    internal void Unregister(ulong token) => _targets.Remove(token);

    internal void Opened() => Volatile.Write(ref _connections, _connections + 1);

    /// <summary>The descriptor is closed after the turn's events: until then its number must not come back as another's.</summary>
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

    /// <summary>One turn, on the loop's thread, or on that of whoever drives it.</summary>
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
            Interlocked.Exchange(ref _wakeAsked, 0); // Before the queue is looked at: who posts after that look wakes the loop.
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

    /// <summary>An error in what handles one connection must not end all of them. It is told, and what was being handled is left as it is.</summary>
    internal void Guard<T, TEvent>(Action<T, TEvent> act, T target, TEvent what)
    {
        try
        {
            act(target, what);
        }
#pragma warning disable CA1031 // Whatever it is: the loop's other connections go on, and the fault is told.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            OnFault?.Invoke(fault);
            if (target is Channel { IsClosed: false } channel)
            {
                Guard(static (broken, _) => broken.Abandon(), channel, Readiness.None); // It is told of its end, and may throw again.
            }
        }
    }
}
