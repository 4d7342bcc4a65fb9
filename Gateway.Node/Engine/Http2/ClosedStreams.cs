namespace Gateway.Node.Engine.Http2;

/// <summary>
/// Remembers the most recently ended streams of a connection, and how they ended: the client may have sent data before it knew of this side's end of a stream,
/// and that data is ignored. Streams ended by this side are few and kept separately, so that they are not forgotten while the client's data is in flight,
/// however many others end.
/// </summary>
internal sealed class ClosedStreams
{
    private const int MaxByUs = 256;
    private const int MaxByClient = 32;

    private readonly int[] _byUs = new int[MaxByUs];
    private readonly int[] _byClient = new int[MaxByClient];
    private int _nextByUs;
    private int _nextByClient;

    public void Add(int id, StreamEnd end)
    {
        if (end == StreamEnd.ByUs)
        {
            _byUs[_nextByUs] = id;
            _nextByUs = (_nextByUs + 1) % MaxByUs;
        }
        else
        {
            _byClient[_nextByClient] = id;
            _nextByClient = (_nextByClient + 1) % MaxByClient;
        }
    }

    public StreamEnd EndOf(int id) => _byUs.AsSpan().Contains(id) ? StreamEnd.ByUs : _byClient.AsSpan().Contains(id) ? StreamEnd.ByClient : StreamEnd.Unknown;
}
