using Gateway.Core.Pools;
using Gateway.Tests.EndToEnd.Backends;
using Gateway.Upstream;
using Gateway.Upstream.Http1;
using Microsoft.Extensions.Time.Testing;

namespace Gateway.Tests.Upstream;

public sealed class ConnectionPoolTests : IAsyncLifetime
{
    private static readonly long Any = TimeSpan.FromDays(1).Ticks;

    private readonly FakeTimeProvider _clock = new();
    private readonly ConnectionCount _counts = new();
    private RawBackend _backend = null!;

    public Task InitializeAsync()
    {
        _backend = RawBackend.Start(RawScripts.Hang);
        return Task.CompletedTask;
    }

    public async Task DisposeAsync() => await _backend.DisposeAsync();

    [Fact]
    public async Task A_returned_connection_is_used_again_and_the_newest_first()
    {
        var pool = Pool();
        var (older, newer) = (await ConnectAsync(pool), await ConnectAsync(pool));
        Assert.Null(pool.TryTakeIdle(Any));
        pool.Return(older, null);
        pool.Return(newer, null);
        Assert.Same(newer, pool.TryTakeIdle(Any));
        Assert.Same(older, pool.TryTakeIdle(Any));
        Assert.Null(pool.TryTakeIdle(Any));
        Assert.Equal((2, 2L), (_counts.Open, _counts.Created));
        older.Close();
        newer.Close();
        Assert.Equal(0, _counts.Open);
    }

    [Fact]
    public async Task One_that_the_endpoint_closes_while_it_is_idle_is_noticed_and_not_used()
    {
        var pool = Pool();
        pool.Return(await ConnectAsync(pool), null);
        await _backend.StopAsync();
        Assert.True(SpinWait.SpinUntil(() => _counts.Open == 0, RawBackend.Patience));
        Assert.Null(pool.TryTakeIdle(Any));
    }

    [Fact]
    public async Task One_that_brings_bytes_nobody_asked_for_is_closed()
    {
        await using var chatty = RawBackend.Start(async exchange =>
        {
            await exchange.WriteAsync("HTTP/1.1 408 Request Timeout\r\n\r\n");
            await exchange.HangAsync();
        });
        var pool = Pool(address: chatty.Address);
        pool.Return(await ConnectAsync(pool), null);
        Assert.True(SpinWait.SpinUntil(() => _counts.Open == 0, RawBackend.Patience));
        Assert.Null(pool.TryTakeIdle(Any));
    }

    [Fact]
    public async Task A_request_that_must_not_be_repeated_gets_no_connection_that_was_idle_for_long()
    {
        var pool = Pool();
        var connection = await ConnectAsync(pool);
        pool.Return(connection, null);
        _clock.Advance(TimeSpan.FromSeconds(3));
        Assert.Null(pool.TryTakeIdle(TimeSpan.FromSeconds(2).Ticks));
        Assert.Same(connection, pool.TryTakeIdle(Any));
        connection.Close();
    }

    [Fact]
    public async Task Idle_connections_close_after_the_idle_timeout_or_a_second_before_the_endpoint_would()
    {
        var pool = Pool();
        var (ours, theirs) = (await ConnectAsync(pool), await ConnectAsync(pool));
        pool.Return(ours, null);
        pool.Return(theirs, TimeSpan.FromSeconds(5));
        CleanUpAfter(pool, TimeSpan.FromSeconds(3.9));
        Assert.Equal(2, _counts.Open);
        CleanUpAfter(pool, TimeSpan.FromSeconds(0.1));
        Assert.Equal((1, true), (_counts.Open, theirs.IsClosed));
        CleanUpAfter(pool, TimeSpan.FromSeconds(56));
        Assert.Equal(0, _counts.Open);
    }

    [Fact]
    public async Task None_is_used_beyond_its_lifetime()
    {
        var pool = Pool();
        var connection = await ConnectAsync(pool);
        _clock.Advance(TimeSpan.FromMinutes(10));
        pool.Return(connection, null);
        Assert.Equal((0, true), (_counts.Open, connection.IsClosed));
    }

    [Fact]
    public async Task One_past_its_deadline_is_closed_under_its_owner_who_learns_why()
    {
        var pool = Pool();
        var connection = await ConnectAsync(pool);
        connection.SetDeadline(_clock.GetTimestamp() + TimeSpan.FromSeconds(1).Ticks);
        var head = connection.FillAsync(1024).AsTask();
        CleanUpAfter(pool, TimeSpan.FromMilliseconds(999));
        Assert.False(connection.IsClosed);
        CleanUpAfter(pool, TimeSpan.FromMilliseconds(1));
        Assert.False(await Record.ExceptionAsync(() => head) is null && await head > 0); // Ended or failed, as the system has it.
        Assert.Equal((CloseCause.Deadline, 0), (connection.Cause, _counts.Open));
    }

    [Fact]
    public async Task A_deadline_does_not_outlive_the_exchange_it_was_set_for()
    {
        var pool = Pool();
        var connection = await ConnectAsync(pool);
        connection.SetDeadline(_clock.GetTimestamp() + 1);
        pool.Return(connection, null);
        CleanUpAfter(pool, TimeSpan.FromSeconds(1));
        Assert.Same(connection, pool.TryTakeIdle(Any));
        CleanUpAfter(pool, TimeSpan.FromSeconds(1));
        Assert.False(connection.IsClosed);
        connection.Close();
    }

    [Fact]
    public async Task Where_every_slot_has_an_idle_connection_that_is_not_wanted_one_makes_room()
    {
        var pool = Pool(max: 2);
        var (first, second) = (await ConnectAsync(pool), await ConnectAsync(pool));
        pool.Return(first, null);
        pool.Return(second, null);
        _clock.Advance(TimeSpan.FromSeconds(3));
        Assert.Null(pool.TryTakeIdle(TimeSpan.FromSeconds(2).Ticks));
        var third = await ConnectAsync(pool);
        Assert.Equal(2, _counts.Open);
        third.Close();
        Assert.NotNull(pool.TryTakeIdle(Any));
    }

    [Fact]
    public async Task A_retired_pool_closes_idle_connections_now_and_busy_ones_when_they_return()
    {
        var pool = Pool();
        var (busy, idle) = (await ConnectAsync(pool), await ConnectAsync(pool));
        pool.Return(idle, null);
        pool.Retire();
        Assert.Equal((true, false), (idle.IsClosed, busy.IsClosed));
        pool.Return(busy, null);
        Assert.Equal(0, _counts.Open);
    }

    [Fact]
    public async Task No_slot_is_lost_whatever_becomes_of_the_connections()
    {
        var pool = Pool(max: 4);
        for (var round = 0; round < 20; round++)
        {
            var connections = new List<Http1Connection>();
            for (var i = 0; i < 4; i++)
            {
                connections.Add(pool.TryTakeIdle(Any) ?? await ConnectAsync(pool));
            }

            connections[0].Close();
            connections[1].Abort(CloseCause.ClientGone);
            pool.Return(connections[2], null);
            pool.Return(connections[3], null);
            connections[3].CloseIdle();
            Assert.Equal(1, _counts.Open);
        }
    }

    [Fact]
    public async Task A_refused_connection_costs_no_slot()
    {
        using var refused = RawBackend.RefusedAddress();
        var pool = Pool(max: 1, refused.Address);
        for (var i = 0; i < 3; i++)
        {
            await Assert.ThrowsAsync<System.Net.Sockets.SocketException>(() => ConnectAsync(pool));
        }
    }

    [Fact]
    public void Who_comes_behind_a_connect_whose_waiter_has_gone_makes_its_own()
    {
        var connects = new List<TaskCompletionSource<Stream>>();
        var pool = Pool(connects, max: 2);
        var (gone, next) = (new ConnectionWaiter(-1), new ConnectionWaiter(-1));
        pool.Join(gone);
        pool.Leave(gone);

        pool.Join(next);

        Assert.Equal((2, false), (connects.Count, next.Queued));
        connects[0].SetException(new IOException("refused"));
        Assert.False(next.Task.IsCompleted);
        connects[1].SetException(new IOException("refused"));
        Assert.True(next.Task.IsFaulted);
        Assert.Equal((2, 0), (connects.Count, pool.Waiting));
    }

    [Fact]
    public void Where_there_is_no_room_for_another_it_takes_that_connect_over_and_waits_for_no_busy_one()
    {
        var connects = new List<TaskCompletionSource<Stream>>();
        var pool = Pool(connects, max: 1);
        var (gone, next) = (new ConnectionWaiter(-1), new ConnectionWaiter(-1));
        pool.Join(gone);
        pool.Leave(gone);

        pool.Join(next);

        Assert.Equal((1, false), (connects.Count, next.Queued));
        connects[0].SetException(new IOException("refused"));
        Assert.True(next.Task.IsFaulted);
    }

    [Fact]
    public void A_connect_that_serves_an_older_one_leaves_the_older_ones_own_to_its_waiter()
    {
        var connects = new List<TaskCompletionSource<Stream>>();
        var pool = Pool(connects, max: 2);
        var (older, younger) = (new ConnectionWaiter(-1), new ConnectionWaiter(-1));
        pool.Join(older);
        pool.Join(younger);

        connects[1].SetResult(new SilentStream());
        Assert.Equal((true, false), (older.Task.IsCompletedSuccessfully, younger.Task.IsCompleted));
        connects[0].SetException(new IOException("refused"));

        Assert.True(younger.Task.IsFaulted);
        Assert.Equal((2, 0), (connects.Count, pool.Waiting));
    }

    /// <summary>A pool whose connects a test finishes.</summary>
    private ConnectionPool Pool(List<TaskCompletionSource<Stream>> connects, int max)
    {
        SynchronizationContext.SetSynchronizationContext(null); // So that everything happens within the move that causes it.
        return new(TestEndpoints.Address("http://backend:80"), ConnectionPolicy.Default with { Max = max }, OpenAsync, _counts, _clock, () => 0.5);

        ValueTask<Stream> OpenAsync()
        {
            var connect = new TaskCompletionSource<Stream>();
            connects.Add(connect);
            return new(connect.Task);
        }
    }

    private ConnectionPool Pool(int max = 16, Uri? address = null)
    {
        var endpoint = TestEndpoints.Address((address ?? _backend.Address).GetLeftPart(UriPartial.Authority));
        var connector = new BackendConnector(endpoint, ConnectionPolicy.Default.ConnectTimeout, _clock);
        return new(endpoint, ConnectionPolicy.Default with { Max = max }, () => connector.ConnectAsync(), _counts, _clock, () => 0.5);
    }

    private static Task<Http1Connection> ConnectAsync(ConnectionPool pool)
    {
        var waiter = new ConnectionWaiter(idleAtMost: -1);
        pool.Join(waiter);
        return waiter.Task;
    }

    private void CleanUpAfter(ConnectionPool pool, TimeSpan time)
    {
        _clock.Advance(time);
        pool.CleanUp(_clock.GetTimestamp());
    }
}
