using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Security.Authentication;
using Gateway.Core.Endpoints;
using Gateway.Core.Outcomes;
using Gateway.Core.Pools;
using Gateway.Core.Retrying;

namespace Gateway.Upstream.Http1;

/// <summary>
/// The native transport: HTTP/1.1 to the backends over connections of our own. One pool of connections for each endpoint, made at its first
/// use; one timer for all of them closes what is idle, old or past a deadline.
/// </summary>
public sealed class Http1Transport : ITransport, IConnectionCounts, IDisposable
{
    /// <summary>How late a deadline can be noticed.</summary>
    private static readonly TimeSpan CleanUpPeriod = TimeSpan.FromMilliseconds(25);

    /// <summary>What must not be repeated goes on a connection that was idle for less than this, or on a new one.</summary>
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<EndpointCell, Current> _pools = new();
    private readonly ConcurrentDictionary<ConnectionPool, bool> _watched = new();
    private readonly ConditionalWeakTable<EndpointCell, ConnectionCount> _counts = [];
    private readonly ConditionalWeakTable<EndpointCell, object> _retired = [];
    private readonly BackendTls _tls;
    private readonly TimeProvider _time;
    private readonly Func<double> _random;
    private readonly TransportClock _clock;
    private readonly long _fresh;
    private readonly ITimer _cleanUp;
    private int _ticking = 1; // Until the first tick finds that there is nothing to do.

    /// <param name="random">Random numbers in [0, 1), for the jitter of connection lifetimes. Called by any thread.</param>
    public Http1Transport(BackendTls tls, TimeProvider time, Func<double> random)
    {
        (_tls, _time, _random, _clock) = (tls, time, random, new TransportClock(time));
        _fresh = _clock.Ticks(Fresh);
        _cleanUp = time.CreateTimer(static transport => ((Http1Transport)transport!).CleanUp(), this, CleanUpPeriod, CleanUpPeriod);
    }

    public ValueTask<AttemptReport> SendAsync(Exchange exchange, EndpointCell endpoint)
    {
        var pool = PoolOf(endpoint, exchange.Pool.Connections, exchange.Edition);
        var idleAtMost = exchange.NeedsNewConnection ? -1 : RetryRules.IsIdempotent(exchange.Context.Request.Method) ? ConnectionSlots.HoweverIdle : _fresh;
        return pool.TryTakeIdle(idleAtMost) is { } connection
            ? AttemptOn(connection, pool).RunAsync(exchange)
            : SendLaterAsync(exchange, pool, idleAtMost);
    }

    public bool CanQueue(Exchange exchange) => true;

    public ConnectionReading Read(EndpointCell endpoint)
    {
        if (!_counts.TryGetValue(endpoint, out var count))
        {
            return default;
        }

        var pool = _pools.TryGetValue(endpoint, out var current) ? current.Pool : null;
        return new(count.Open, count.Created, pool?.Idle ?? 0, pool?.Waiting ?? 0, count.Queued, count.TimedOut);
    }

    /// <summary>Closes the endpoint's connections: idle ones now, busy ones when done. For an endpoint that left its pool.</summary>
    public void Retire(EndpointCell endpoint)
    {
        _retired.AddOrUpdate(endpoint, endpoint);
        if (_pools.TryRemove(endpoint, out var current))
        {
            current.Pool.Retire();
        }
    }

    public void Dispose()
    {
        _cleanUp.Dispose();
        foreach (var endpoint in _pools.Keys)
        {
            Retire(endpoint);
        }
    }

    private Http1Attempt AttemptOn(Http1Connection connection, ConnectionPool pool) => connection.Attempt ??= new(pool, connection, _clock);

    private async ValueTask<AttemptReport> SendLaterAsync(Exchange exchange, ConnectionPool pool, long idleAtMost)
    {
        var (connection, failed) = await WaitAsync(pool, exchange, new ConnectionWaiter(idleAtMost));
        return connection is null ? failed : await AttemptOn(connection, pool).RunAsync(exchange);
    }

    /// <summary>
    /// Waits for a connection, within the request's deadline and for as long as its client stays; behind busy connections only for as long as
    /// the pool lets attempts wait.
    /// </summary>
    private async ValueTask<(Http1Connection? Connection, AttemptReport Failed)> WaitAsync(ConnectionPool pool, Exchange exchange, ConnectionWaiter waiter)
    {
        var begun = _clock.Now;
        pool.Join(waiter);
        var client = exchange.ClientGone;
        var left = exchange.Deadline - _time.GetElapsedTime(0);
        var patience = waiter.Queued && pool.Policy.QueueTimeout < left ? pool.Policy.QueueTimeout : left;
        using var limit = new CancellationTokenSource(patience > TimeSpan.Zero ? patience : TimeSpan.Zero, _time);
        await using var ends = limit.Token.UnsafeRegister(_ => pool.Leave(waiter, inVain: patience < left), null);
        await using var gone = client.UnsafeRegister(_ => pool.Leave(waiter), null);
        try
        {
            var connection = await waiter.Task;
            Watch(pool); // The pool may have been retired, and found empty, while it connected.
            return (connection, default);
        }
        catch (OperationCanceledException)
        {
            return (null, new AttemptReport(
                client.IsCancellationRequested ? AttemptEnd.ClientGone : patience < left ? AttemptEnd.Saturated : AttemptEnd.RequestTimeout,
                Detail: "no connection came free in time"));
        }
        catch (Exception error) when (OpenFileLimit.IsCauseOf(error))
        {
            return (null, new AttemptReport(AttemptEnd.Saturated, Detail: error.Message)); // This process's limit, and not the endpoint's fault.
        }
        catch (Exception error) when (error is SocketException or IOException or TimeoutException or AuthenticationException)
        {
            return (null, new AttemptReport(AttemptEnd.NotConnected, Tls: error is AuthenticationException, Detail: error.Message));
        }
        finally
        {
            if (waiter.Queued)
            {
                exchange.Queued = _clock.Span(_clock.Now - begun);
            }
        }
    }

    /// <summary>
    /// The endpoint's pool. One of other settings is replaced by newer ones alone: a request that was begun under older ones goes by those in force.
    /// </summary>
    private ConnectionPool PoolOf(EndpointCell endpoint, ConnectionPolicy policy, long edition)
    {
        while (true)
        {
            if (_pools.TryGetValue(endpoint, out var current))
            {
                if (current.Edition >= edition)
                {
                    return current.Pool;
                }

                if (current.Pool.Policy == policy)
                {
                    _pools.TryUpdate(endpoint, current with { Edition = edition }, current);
                    return current.Pool;
                }
            }

            var fresh = NewPool(endpoint, policy);
            Watch(fresh);
            if (_retired.TryGetValue(endpoint, out _))
            {
                fresh.Retire(); // Picked just before it left: its connections close when they are returned.
                return fresh;
            }

            var replaces = new Current(fresh, edition);
            if (current is null ? _pools.TryAdd(endpoint, replaces) : _pools.TryUpdate(endpoint, replaces, current))
            {
                current?.Pool.Retire();
                if (_retired.TryGetValue(endpoint, out _))
                {
                    Retire(endpoint); // It left after the look above, and too early for this pool to be found.
                }

                return fresh;
            }

            fresh.Retire();
        }
    }

    private ConnectionPool NewPool(EndpointCell endpoint, ConnectionPolicy policy)
    {
        var address = endpoint.Id.Address;
        var connector = new BackendConnector(address, policy.ConnectTimeout, _time, _tls.For(address, policy.Tls, policy.Protocol));
        return new(address, policy, () => connector.ConnectAsync(), _counts.GetValue(endpoint, _ => new()), _time, _random);
    }

    /// <summary>The timer ticks while there are pools, and not at all in a process whose requests take another way.</summary>
    private void Watch(ConnectionPool pool)
    {
        _watched[pool] = true;
        if (Interlocked.Exchange(ref _ticking, 1) == 0)
        {
            _cleanUp.Change(CleanUpPeriod, CleanUpPeriod);
        }
    }

    private void CleanUp()
    {
        var now = _clock.Now;
        foreach (var (pool, _) in _watched)
        {
            if (!pool.CleanUp(now))
            {
                _watched.TryRemove(pool, out _);
            }
        }

        if (_watched.IsEmpty)
        {
            // In this order: who watches a pool from here on finds that nothing ticks, or has its pool found below.
            _cleanUp.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            Interlocked.Exchange(ref _ticking, 0);
            if (!_watched.IsEmpty && Interlocked.Exchange(ref _ticking, 1) == 0)
            {
                _cleanUp.Change(CleanUpPeriod, CleanUpPeriod);
            }
        }
    }

    /// <summary>An endpoint's pool, and the newest settings that are known to say the same of connections.</summary>
    private sealed record Current(ConnectionPool Pool, long Edition);
}
