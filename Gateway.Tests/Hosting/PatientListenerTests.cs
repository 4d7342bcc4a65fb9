using System.Net;
using Gateway.Node.Hosting;
using Gateway.Tests.EndToEnd;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Time.Testing;

namespace Gateway.Tests.Hosting;

/// <summary>Accepting while the process is out of descriptors, in virtual time.</summary>
public sealed class PatientListenerTests : IAsyncDisposable
{
    private readonly FakeTimeProvider _clock = new();
    private readonly ScriptedListener _inner = new();
    private readonly LogRecorder _log = new();
    private readonly PatientListener _listener;
    private volatile bool _hasRoom = true;

    public PatientListenerTests() => _listener = new(_inner, _clock, () => _hasRoom, _log.CreateLogger("listener"));

    public async ValueTask DisposeAsync()
    {
        await _listener.DisposeAsync();
        _log.Dispose();
    }

    [Fact]
    public async Task Connections_are_accepted()
    {
        var accepting = _listener.AcceptAsync().AsTask();
        _clock.Advance(PatientListener.CheckInterval);
        Assert.False(accepting.IsCompleted);
        var connection = new DefaultConnectionContext("one");
        _inner.Next.SetResult(connection);
        Assert.Same(connection, await accepting);
    }

    [Fact]
    public async Task Without_room_it_stops_accepting_and_begins_again_when_there_is_some()
    {
        var accepting = _listener.AcceptAsync().AsTask();
        _hasRoom = false;
        _clock.Advance(PatientListener.CheckInterval);
        await _log.WaitAsync("listener-paused", 1);
        Assert.Equal(1, _inner.Accepts);

        _clock.Advance(PatientListener.CheckInterval);
        Assert.Equal(1, _inner.Accepts);
        _hasRoom = true;
        await Eventually.IsAsync(() =>
        {
            _clock.Advance(PatientListener.CheckInterval);
            return _inner.Accepts == 2;
        });
        _inner.Next.SetResult(new DefaultConnectionContext("two"));
        Assert.Equal("two", (await accepting)!.ConnectionId);
        await _log.WaitAsync("listener-resumed", 1);
    }

    [Fact]
    public async Task It_ends_with_its_inner_one_also_while_it_waits_for_room()
    {
        var accepting = _listener.AcceptAsync().AsTask();
        _hasRoom = false;
        _clock.Advance(PatientListener.CheckInterval);
        await _log.WaitAsync("listener-paused", 1);
        await _listener.UnbindAsync();
        await Eventually.IsAsync(() =>
        {
            _clock.Advance(PatientListener.CheckInterval);
            return accepting.IsCompleted;
        });
        Assert.Null(await accepting);
    }

    private sealed class ScriptedListener : IConnectionListener
    {
        private int _accepts;

        public TaskCompletionSource<ConnectionContext?> Next { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public int Accepts => Volatile.Read(ref _accepts);

        public EndPoint EndPoint { get; } = new IPEndPoint(IPAddress.Loopback, 1);

        public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
        {
            Interlocked.Increment(ref _accepts);
            return await Next.Task.WaitAsync(cancellationToken);
        }

        public ValueTask UnbindAsync(CancellationToken cancellationToken = default)
        {
            Next.TrySetResult(null);
            return default;
        }

        public ValueTask DisposeAsync() => default;
    }
}
