using System.Net.Sockets;

namespace Gateway.Upstream.Http2;

/// <summary>A socket counted while it is open, which records when data last arrived.</summary>
internal sealed class CountedStream : NetworkStream
{
    private readonly ConnectionCount _connections;
    private readonly TimeProvider _clock;
    private long _received;
    private int _closed;
    private volatile bool _ended;

    public CountedStream(Socket socket, ConnectionCount connections, TimeProvider clock)
        : base(socket, ownsSocket: true)
    {
        (_connections, _clock) = (connections, clock);
        _received = clock.GetTimestamp();
        connections.Opened();
    }

    /// <summary>Whether the endpoint or this side has closed it, or it broke.</summary>
    public bool HasEnded => _ended || Volatile.Read(ref _closed) != 0;

    /// <summary>The time the last bytes arrived, or else it was connected, by the monotonic clock.</summary>
    public TimeSpan LastReceived => _clock.GetElapsedTime(0, Volatile.Read(ref _received));

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            var read = await base.ReadAsync(buffer, cancellationToken);
            _ended |= read == 0 && !buffer.IsEmpty;
            if (read > 0)
            {
                Volatile.Write(ref _received, _clock.GetTimestamp());
            }

            return read;
        }
        catch
        {
            _ended = true;
            throw;
        }
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (Interlocked.Exchange(ref _closed, 1) == 0)
        {
            _connections.Closed();
        }
    }
}
