using System.Collections.Concurrent;

namespace Gateway.Node.WebSockets;

/// <summary>The WebSockets that are open now, so that they can be closed when the process ends.</summary>
internal sealed class Tunnels
{
    private readonly ConcurrentDictionary<GoingAwayStream, byte> _open = new();
    private volatile bool _ending;

    /// <summary>Whether one is open.</summary>
    public bool Any => !_open.IsEmpty;

    public void Add(GoingAwayStream tunnel)
    {
        _open.TryAdd(tunnel, 0);
        if (_ending)
        {
            _ = tunnel.GoAwayAsync();
        }
    }

    public void Remove(GoingAwayStream tunnel) => _open.TryRemove(tunnel, out _);

    /// <summary>Closes all of them by 1001 on both sides, and every one that is still to come; returns when they have ended.</summary>
    public Task GoAwayAsync()
    {
        _ending = true;
        return Task.WhenAll(_open.Keys.Select(async tunnel =>
        {
            await tunnel.GoAwayAsync();
            await tunnel.Ended;
        }));
    }
}
