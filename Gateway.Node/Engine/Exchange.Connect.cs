using System.Net.Sockets;
using Gateway.Core.Outcomes;
using Gateway.Upstream;

namespace Gateway.Node.Engine;

/// <summary>Connections made for an attempt, and their failures.</summary>
internal sealed partial class Exchange
{
    public void OnNotConnected(int error)
    {
        if (_otherAddresses is { } others && others.TryDequeue(out var other) && TryConnect(other))
        {
            return;
        }

        var outOfDescriptors = error is 23 or 24; // ENFILE, EMFILE: not the endpoint's fault.
        EndAttempt(_backend?.Channel.Cause is { } cause
            ? ConnectFault.ReportOf(cause)
            : new AttemptReport(outOfDescriptors ? AttemptEnd.Saturated : AttemptEnd.NotConnected, Detail: new SocketException(NativeOf(error)).Message));
    }

    private static int NativeOf(int error) => error switch
    {
        111 => (int)SocketError.ConnectionRefused,
        BackendConnection.ConnectTimedOut => (int)SocketError.TimedOut,
        113 => (int)SocketError.HostUnreachable,
        101 => (int)SocketError.NetworkUnreachable,
        _ => (int)SocketError.SocketError,
    };

    /// <summary>Tries another address of the endpoint's name, if there is still room for a connection.</summary>
    private bool TryConnect(byte[] address)
    {
        var pool = _loop.PoolOf(_attempts.Cell);
        _backend!.CloseReleasing();
        _backend = null;
        if (!pool.Counts.TryReserve(_attempts.Settings.Connections.Max))
        {
            return false;
        }

        Use(pool.Connect(address, _attempts.Settings.Connections), []);
        return true;
    }

    /// <summary>Begins a connection, in a reserved place.</summary>
    private void Connect()
    {
        var pool = _loop.PoolOf(_attempts.Cell);
        if (pool.Counts.IsTls)
        {
            Use(pool.ConnectSecurely(_attempts.Settings.Connections, _greeting), []);
            return;
        }

        if (pool.Counts.Address is { } address)
        {
            Use(pool.Connect(address, _attempts.Settings.Connections), []);
            return;
        }

        _client.Channel.Deadline = _requestDeadline;
        PauseBody();
        Resolve(pool, _attempt);
    }

    private void Resolve(BackendPool pool, long attempt) => _ = pool.ResolveAsync(addresses => OnResolved(pool, attempt, addresses));

    private void OnResolved(BackendPool pool, long attempt, byte[][] addresses)
    {
        if (_stage != Stage.Waiting || _attempt != attempt)
        {
            pool.Counts.Release();
        }
        else if (addresses.Length == 0)
        {
            pool.Counts.Release();
            EndAttempt(new AttemptReport(AttemptEnd.NotConnected, Detail: "the host name cannot be resolved"));
        }
        else
        {
            _otherAddresses = addresses.Length > 1 ? new(addresses[1..]) : null;
            Use(pool.Connect(addresses[0], _attempts.Settings.Connections), []);
        }
    }
}
