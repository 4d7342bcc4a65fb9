namespace Gateway.Node.Engine.Http2;

/// <summary>
/// The streams of a connection that have ended last, and how: the client may not have known of this side's end of one when it sent what still comes for it, which is then passed over. Those that this side
/// has ended are few and are remembered apart, so that however many others end they are not forgotten while the client's data is under way.
/// </summary>
internal sealed class ClosedStreams
{
    private const int MostByUs = 256;
    private const int MostByClient = 32;

    private readonly int[] _byUs = new int[MostByUs];
    private readonly int[] _byClient = new int[MostByClient];
    private int _nextByUs;
    private int _nextByClient;

    public void Add(int id, StreamEnd end)
    {
        if (end == StreamEnd.ByUs)
        {
            _byUs[_nextByUs] = id;
            _nextByUs = (_nextByUs + 1) % MostByUs;
        }
        else
        {
            _byClient[_nextByClient] = id;
            _nextByClient = (_nextByClient + 1) % MostByClient;
        }
    }

    public StreamEnd EndOf(int id) => _byUs.AsSpan().Contains(id) ? StreamEnd.ByUs : _byClient.AsSpan().Contains(id) ? StreamEnd.ByClient : StreamEnd.Unknown;
}
