using Gateway.Core.Balancing;
using Gateway.Core.Cells;
using Gateway.Core.Connecting;
using Gateway.Core.Pools;
using Gateway.Http;
using Gateway.Node.Metrics;
using Gateway.Node.Routing;
using Gateway.Node.Settings;
using Gateway.Upstream.Http2;
using Gateway.Wire;

namespace Gateway.Node.Engine;

/// <summary>
/// The copy of one request for its route's mirror pool. It takes the body along with the request and is sent once complete. Nothing waits for it, it is never
/// retried, its answer is dropped, and its result does not count for the endpoint: copies must not cost clients an endpoint. Used by its loop's thread.
/// <code>
/// TryBegin -> takes the body -> Go -> connecting -> sent -> head of an answer, its body -> over
///                  | too large, or the request ended     | failed, or too late
///                  +-> dropped                           +-> failed
/// </code>
/// </summary>
internal sealed partial class MirrorCopy : IBackendUser
{
    /// <summary>The most idle time of a connection that a copy uses: copies are not retried if an older connection turns out to be closed.</summary>
    private const int FreshMilliseconds = 2000;

    private readonly ProxyLoop _loop;
    private readonly MirrorSeries _series;
    private readonly PoolSnapshot _pool;
    private readonly PoolSettings _settings;
    private readonly int _mostBody;
    private readonly ulong _key;
    private readonly bool _isHead;
    private readonly bool _namesEndpoint;
    private readonly (int Start, int End) _hostLine;
    private readonly byte[]? _greeting;
    private Block? _head;
    private ByteChain _body;
    private Lease _lease;
    private BackendConnection? _backend;
    private Queue<byte[]>? _otherAddresses;
    private bool _isOver;

    private MirrorCopy(
        Route<Pool> route, RouteMirror<Pool> mirror, MirrorSeries series, RequestHead request, ReadOnlySpan<byte> head, ClientConnection client, GatewaySettings settings)
    {
        (_loop, _series, _pool, _mostBody) = (client.Loop, series, mirror.Target.Snapshot, mirror.Settings.MaxBody);
        _settings = _pool.Settings;
        (_key, _isHead) = (client.Address.KeyOf(request, head, settings.TrustedProxies), request.Method == "HEAD");
        _namesEndpoint = _settings.Host.Mode == HostMode.Endpoint || _loop.Router.HostOf(request, head).IsEmpty;
        _greeting = BackendGreeting.Of(_settings.Connections, client.Address, request, head, settings);
        client.Trace?.BeginCopy();
        var shape = new RequestShape(settings, _settings, "", RequestTraits.None)
        {
            Id = client.Id,
            Trace = client.Trace,
            Fields = route.Actions?.RequestFields,
            Mirror = mirror.Line,
        };
        _head = RequestWriter.Write(_loop, request, head, client.Address, shape, out _hostLine);
        _loop.Copies.Add(this);
    }

    /// <summary>Begins a copy; null if the sampling or a limit excludes it.</summary>
    public static MirrorCopy? TryBegin(
        Route<Pool> route, RouteMirror<Pool> mirror, RequestHead request, ReadOnlySpan<byte> head, ClientConnection client, GatewaySettings settings)
    {
        if (!mirror.Takes(RequestRandom.NextUnit()) || client.Loop.Context.Metrics.Mirrors.Of(route.Settings.Name, mirror.Settings.Pool) is not { } series)
        {
            return null;
        }

        if (request.Fields.ContentLength > mirror.Settings.MaxBody)
        {
            series.Dropped(MirrorDrop.Body);
            return null;
        }

        if (!series.TryEnter(mirror.Settings.MaxConcurrent))
        {
            series.Dropped(MirrorDrop.Concurrency);
            return null;
        }

        try
        {
            return new(route, mirror, series, request, head, client, settings);
        }
        catch
        {
            series.Leave(); // The client's request then fails for the same reason; the place must be released.
            throw;
        }
    }

    /// <summary>Takes a part of the body, framed as by the client. False if it is too large, which ends the copy.</summary>
    public bool TryTake(ReadOnlySpan<byte> part)
    {
        if (_body.Length + part.Length > _mostBody)
        {
            Drop(MirrorDrop.Body);
            return false;
        }

        _body.Append(_loop.Wire.Blocks, part);
        return true;
    }

    /// <summary>Sends the complete copy, in a turn of its own: its cost, or an error, must not affect the client.</summary>
    public void Go() => _loop.Wire.Post(SendOrFail);

    private void SendOrFail()
    {
        if (_isOver)
        {
            return; // The process ends.
        }

        try
        {
            Send();
        }
        catch
        {
            Fail(MirrorFailure.Broken);
            throw; // The loop logs it.
        }
    }

    private void Send()
    {
        var pick = _pool.Pool.NewestFor(_pool).Picker.Pick(new PickContext(_key, RequestRandom.Next(), _loop.Now));
        _lease = pick.Lease;
        if (pick.Kind != PickKind.Picked || _lease.IsTrial)
        {
            Drop(MirrorDrop.NoEndpoint); // Only requests that count try whether a broken endpoint has recovered.
            return;
        }

        if (_lease.Cell.InFlight > Math.Max(1, _lease.Cell.MaxInFlight / 2))
        {
            Drop(MirrorDrop.NoConnection); // The other half is reserved for clients' requests.
            return;
        }

        _lease.Headed(); // An endpoint that leaves copies waiting is not to be suspected for it.
        var (connections, policy) = (_loop.PoolOf(_lease.Cell), _settings.Connections);
        if (policy.Protocol == BackendProtocol.Http2)
        {
            Use(connections.Open(new Http2Stream(_loop.Context.Backends.Http2, _lease.Cell, policy, _pool.Edition, false, _settings.Timeouts.EffectiveTry)));
        }
        else if (connections.TryTakeIdle(_greeting is null ? FreshMilliseconds : -1, policy) is { } idle)
        {
            Use(idle);
        }
        else if (connections.Counts.HasWaiters || !TryReserve(connections, policy.Max))
        {
            Drop(MirrorDrop.NoConnection);
        }
        else if (connections.Counts.IsTls)
        {
            Use(connections.ConnectSecurely(policy, _greeting));
        }
        else if (connections.Counts.Address is { } address)
        {
            Use(connections.Connect(address, policy));
        }
        else
        {
            _ = connections.ResolveAsync(addresses => OnResolved(connections, addresses), policy.ConnectTimeout);
        }
    }

    /// <summary>Reserves a place for a new connection: a free one, or that of a connection idle too long to be used here.</summary>
    private static bool TryReserve(BackendPool connections, int most) =>
        connections.Counts.TryReserve(most) || (connections.CloseOldest() && connections.Counts.TryReserve(most));

    /// <summary>Ends a copy that is not sent.</summary>
    public void Drop(MirrorDrop reason)
    {
        if (!_isOver)
        {
            _series.Dropped(reason);
            Over();
        }
    }

    /// <summary>Called when the process ends.</summary>
    public void CutOff() => Fail(MirrorFailure.Shutdown);

    public void OnConnected()
    {
        _series.Sent();
        var channel = _backend!.Channel;
        if (_greeting is not null && !_backend.Pool.Counts.IsTls)
        {
            channel.Send(_greeting);
        }

        if (_namesEndpoint)
        {
            var to = new ByteWriter(_loop.Scratch);
            to.Write(_head!.Used[.._hostLine.Start]);
            RequestWriter.WriteHost(ref to, _settings.Host, [], _lease.Cell.Id.Address.Label);
            to.Write(_head.Used[_hostLine.End..]);
            channel.Send(_loop.Scratch.AsSpan(0, to.Length));
        }
        else
        {
            channel.Send(_head!.Used);
        }

        for (var block = _body.First; block is not null; block = block.Next)
        {
            channel.Send(block.Used);
        }

        FreeBytes();
        channel.Deadline = _loop.Wire.Now + Math.Max(1, (long)_settings.Timeouts.Request.TotalMilliseconds);
    }

    public void OnNotConnected(int error)
    {
        var connections = _loop.PoolOf(_lease.Cell);
        if (_otherAddresses is { } others && others.TryDequeue(out var other))
        {
            _backend!.CloseReleasing();
            _backend = null;
            if (connections.Counts.TryReserve(_settings.Connections.Max))
            {
                Use(connections.Connect(other, _settings.Connections));
                return;
            }
        }

        Fail(MirrorFailure.Connect);
    }

    public void OnRequestDrained()
    {
    }

    private void Use(BackendConnection connection)
    {
        _backend = connection;
        connection.Begin(this);
        if (!connection.IsConnecting)
        {
            OnConnected();
        }
    }

    private void OnResolved(BackendPool connections, byte[][] addresses)
    {
        if (_isOver || addresses.Length == 0)
        {
            connections.Counts.Release();
            Fail(MirrorFailure.Connect);
            return;
        }

        _otherAddresses = addresses.Length > 1 ? new(addresses[1..]) : null;
        Use(connections.Connect(addresses[0], _settings.Connections));
    }

    private void Fail(MirrorFailure reason)
    {
        if (!_isOver)
        {
            _series.Failed(reason);
            Over();
        }
    }

    /// <summary>Ends the copy in any case, and frees everything it holds.</summary>
    private void Over()
    {
        _isOver = true;
        _backend?.GiveUp(TimeSpan.Zero);
        _backend = null;
        _lease.Release();
        FreeBytes();
        _series.Leave();
        _loop.Copies.Remove(this);
    }

    private void FreeBytes()
    {
        if (_head is { } head)
        {
            _head = null;
            _loop.Wire.Blocks.Return(head);
        }

        _body.Clear(_loop.Wire.Blocks);
    }
}
