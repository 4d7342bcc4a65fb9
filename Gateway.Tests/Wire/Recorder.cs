using System.Collections.Concurrent;
using Gateway.Wire;

namespace Gateway.Tests.Wire;

/// <summary>Records a channel's events, and lets a test wait for them. Further actions are set before the channel is used.</summary>
internal sealed class Recorder : IChannelHandler
{
    private readonly TaskCompletionSource _connected = New();
    private readonly TaskCompletionSource _ended = New();
    private readonly TaskCompletionSource<int> _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _drained = New();
    private readonly TaskCompletionSource _due = New();
    private readonly ConcurrentQueue<(long Count, TaskCompletionSource Reached)> _awaited = new();
    private readonly List<byte> _received = [];

    public Channel Channel { get; set; } = null!;

    /// <summary>The events, in order; consecutive received bytes are one event.</summary>
    public ConcurrentQueue<string> Told { get; } = new();

    public Action? WhenConnected { get; set; }

    public Action<byte[]>? WhenReceived { get; set; }

    public Action? WhenEnded { get; set; }

    public Action? WhenClosed { get; set; }

    public Action? WhenDue { get; set; }

    public Task Connected => _connected.Task.WaitAsync(RunningLoop.Limit);

    public Task Ended => _ended.Task.WaitAsync(RunningLoop.Limit);

    /// <summary>The error on closing.</summary>
    public Task<int> Closed => _closed.Task.WaitAsync(RunningLoop.Limit);

    public Task Drained => _drained.Task.WaitAsync(RunningLoop.Limit);

    public Task Due => _due.Task.WaitAsync(RunningLoop.Limit);

    /// <summary>All bytes so far.</summary>
    public byte[] Bytes
    {
        get
        {
            lock (_received)
            {
                return [.. _received];
            }
        }
    }

    /// <summary>Waits until that many bytes were received.</summary>
    public Task HasReceived(long count)
    {
        var reached = New();
        _awaited.Enqueue((count, reached));
        lock (_received)
        {
            Signal();
        }

        return reached.Task.WaitAsync(RunningLoop.Limit);
    }

    public void OnConnected()
    {
        Told.Enqueue("connected");
        WhenConnected?.Invoke();
        _connected.SetResult();
    }

    public void OnReceived(ReadOnlySpan<byte> bytes)
    {
        if (Told.LastOrDefault() != "received")
        {
            Told.Enqueue("received");
        }

        lock (_received)
        {
            _received.AddRange(bytes);
            Signal();
        }

        WhenReceived?.Invoke(bytes.ToArray());
    }

    public void OnDrained()
    {
        Told.Enqueue("drained");
        _drained.TrySetResult();
    }

    public void OnEnd()
    {
        Told.Enqueue("end");
        WhenEnded?.Invoke();
        _ended.SetResult();
    }

    public void OnClosed(int error)
    {
        Told.Enqueue($"closed {error}");
        _closed.TrySetResult(error);
        WhenClosed?.Invoke();
    }

    public void OnDeadline()
    {
        Told.Enqueue("deadline");
        _due.TrySetResult();
        WhenDue?.Invoke();
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void Signal()
    {
        foreach (var (count, reached) in _awaited)
        {
            if (_received.Count >= count)
            {
                reached.TrySetResult();
            }
        }
    }
}
