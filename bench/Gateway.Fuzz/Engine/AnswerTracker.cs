using Gateway.Http;

namespace Gateway.Fuzz.Engine;

/// <summary>
/// What the engine can know of the answer on a backend's connection, from the bytes delivered to it: it may send another request there only after exactly one
/// complete answer with keep-alive.
/// </summary>
internal sealed class AnswerTracker
{
    private readonly ResponseHead _head = new(EngineRig.Limits with { MaxFields = 1024, MaxHead = 32 * 1024 });
    private readonly List<byte> _stash = [];
    private BodyReader _body;
    private bool _toHead;
    private bool _inBody;
    private bool _isDoubtful;

    /// <summary>Whether the answer is over and the connection reusable.</summary>
    public bool IsOver { get; private set; }

    /// <summary>Called when a request has arrived.</summary>
    public void Begin(string method)
    {
        (_toHead, _inBody, _isDoubtful, IsOver) = (method == "HEAD", false, false, false);
        _stash.Clear();
    }

    /// <summary>Called when more has been delivered.</summary>
    public void Take(ReadOnlySpan<byte> bytes)
    {
        if (IsOver || _isDoubtful)
        {
            (IsOver, _isDoubtful) = (false, true); // Unsolicited.
            return;
        }

        if (_inBody)
        {
            TakeBody(bytes);
            return;
        }

        _stash.AddRange(bytes);
        TakeHead([.. _stash]);
    }

    private void TakeHead(ReadOnlySpan<byte> bytes)
    {
        while (true)
        {
            var state = _head.Parse(bytes);
            _isDoubtful |= state == HeadState.Faulty;
            if (state != HeadState.Complete)
            {
                return;
            }

            bytes = bytes[_head.Length..];
            if (!_head.IsInterim)
            {
                break;
            }

            _stash.RemoveRange(0, _head.Length);
        }

        (_body, _inBody) = (_head.BodyOf(_toHead), true);
        TakeBody(bytes);
    }

    private void TakeBody(ReadOnlySpan<byte> bytes)
    {
        var taken = _body.Take(bytes);
        if (_body.IsAtTrailers)
        {
            taken += _body.TakeTrailers(bytes[taken..]);
        }

        _isDoubtful |= _body.Fault != HttpFault.None || taken < bytes.Length || (_body.IsDone && !_head.IsPersistent);
        IsOver = _body.IsDone && !_isDoubtful;
    }
}
