using Gateway.Core.Outcomes;
using Gateway.Http;
using Gateway.Node.Metrics;

namespace Gateway.Node.Engine;

/// <summary>The answer to a copy: read to its end, so that its backend works as for a client, and dropped.</summary>
internal sealed partial class MirrorCopy
{
    private BodyReader _answer;
    private long _keptFor;
    private int _interim;
    private bool _hasHead;
    private bool _isReusable;
    private bool _isError;

    public bool OnInterim(ResponseHead head, ReadOnlySpan<byte> bytes)
    {
        if (++_interim <= _loop.Context.Limits.MaxInterim)
        {
            return true;
        }

        Fail(MirrorFailure.Broken);
        return false;
    }

    public void OnHead(ResponseHead head, ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> rest)
    {
        _answer = head.BodyOf(_isHead);
        (_hasHead, _keptFor, _isError) = (true, BackendConnection.KeptFor(head, bytes), head.Status >= StatusCodes.Status500InternalServerError);
        _isReusable = head.IsPersistent && _backend!.Channel.Backlog == 0 && _answer.Kind != BodyKind.UntilClose;
        if (head.Status == StatusCodes.Status101SwitchingProtocols)
        {
            End(isKept: false);
        }
        else
        {
            OnAnswerBytes(rest);
        }
    }

    public void OnAnswerBytes(ReadOnlySpan<byte> bytes)
    {
        var taken = _answer.Take(bytes);
        if (_answer.IsAtTrailers)
        {
            taken += _answer.TakeTrailers(bytes[taken..]);
        }

        if (_answer.Fault != HttpFault.None)
        {
            Fail(MirrorFailure.Broken);
        }
        else if (_answer.IsDone)
        {
            End(_isReusable && taken == bytes.Length);
        }
    }

    public void OnMalformed(HttpFault fault) => Fail(MirrorFailure.Broken);

    public void OnBackendEnded(int error)
    {
        if (_hasHead && error == 0 && _answer.Kind == BodyKind.UntilClose)
        {
            End(isKept: false);
        }
        else
        {
            Fail(MirrorFailure.Broken);
        }
    }

    public void OnStreamEnded(in AttemptReport fault) => Fail(MirrorFailure.Broken);

    public void OnBackendDeadline()
    {
        if (_hasHead)
        {
            End(isKept: false); // An endless answer, such as an event stream, is still an answer.
        }
        else
        {
            Fail(MirrorFailure.Timeout);
        }
    }

    private void End(bool isKept)
    {
        var backend = _backend!;
        _backend = null;
        if (isKept)
        {
            backend.Deadline = 0;
            backend.Return(_settings.Connections, _keptFor);
        }
        else
        {
            backend.CloseReleasing();
        }

        if (_isError)
        {
            Fail(MirrorFailure.Status);
        }
        else
        {
            Over();
        }
    }
}
