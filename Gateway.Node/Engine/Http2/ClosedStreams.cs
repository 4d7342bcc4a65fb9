namespace Gateway.Node.Engine.Http2;

/// <summary>
/// The streams of a connection that have ended last, and how: the client may not have known of this side's end of one when it sent what still comes for it, which is then passed over. What comes for a
/// stream that the client itself has ended is an error.
/// </summary>
internal sealed class ClosedStreams
{
    private const int Most = 256;

    private readonly (int Id, bool ByUs)[] _ended = new (int, bool)[Most];
    private int _next;

    /// <param name="byUs">Whether this side has ended it before the client had ended its request.</param>
    public void Add(int id, bool byUs)
    {
        _ended[_next] = (id, byUs);
        _next = (_next + 1) % Most;
    }

    /// <summary>Whether this side has ended it first; null: it is not known any more, or never was open.</summary>
    public bool? IsByUs(int id)
    {
        foreach (var (ended, byUs) in _ended)
        {
            if (ended == id)
            {
                return byUs;
            }
        }

        return null;
    }
}
