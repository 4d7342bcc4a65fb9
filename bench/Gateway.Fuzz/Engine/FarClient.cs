using System.Text;
using Gateway.Http;

namespace Gateway.Fuzz.Engine;

/// <summary>
/// One client: sends its bytes in pieces, and reads its input, which must be valid answers, each to its own request: a backend's answer (with a Via field)
/// carries the mark of its request, and no answer contains the mark of another.
/// </summary>
internal sealed class FarClient
{
    private static readonly HttpLimits Limits = new() { MaxHead = 128 * 1024, MaxFields = 4096, MaxTrailers = 64 * 1024 };

    private readonly ResponseHead _answer = new(Limits);
    private readonly BodyCheck _body = new();
    private readonly Queue<byte[]> _unsent = new();
    private readonly List<(string Method, string Id)> _requests;
    private readonly Script _script;
    private readonly Random _random;
    private readonly int _number;
    private readonly bool _isPlain;
    private int _at;
    private int _scanned;
    private bool _inAnswer;
    private bool _isTunnel;

    /// <param name="number">Its index among the input's clients.</param>
    /// <param name="stream">The bytes it sends.</param>
    /// <param name="requests">The requests in them, as far as known.</param>
    /// <param name="isPlain">Whether everything it sends is valid.</param>
    public FarClient(int number, FarEnd end, byte[] stream, List<(string Method, string Id)> requests, bool isPlain, Random random, Script script)
    {
        (_number, End, _requests, _isPlain, _random, _script) = (number, end, requests, isPlain, random, script);
        script.Cut(stream, _unsent);
    }

    public FarEnd End { get; }

    public bool IsActive => !End.HasClosed && !End.HasReset && !End.IsOver && (_unsent.Count > 0 || End.Room < FarEnd.Boundless || (!_script.IsCalm && !End.HasEnded));

    /// <summary>The complete final answers.</summary>
    public int Answered { get; private set; }

    public void Act()
    {
        if (End.Room < FarEnd.Boundless && _random.Next(3) == 0)
        {
            End.Room = _random.Next(4) == 0 ? FarEnd.Boundless : End.Room + _random.Next(5_000);
        }

        if (_unsent.TryDequeue(out var packet))
        {
            End.Sent.Enqueue(packet);
        }
        else if (!_script.IsCalm && _random.Next(6) == 0)
        {
            End.HasEnded = true;
        }

        if (!_script.IsCalm && _random.Next(60) == 0)
        {
            Leave();
        }
    }

    /// <summary>Checks the input received since the last time.</summary>
    public void Check()
    {
        while (_at < End.GotLength && Read(End.Got[_at..]))
        {
        }
    }

    /// <summary>Called when the connection is over.</summary>
    /// <param name="isAnswered">Whether every request must have got its answer.</param>
    public void CheckEnd(bool isAnswered)
    {
        Check();
        if (isAnswered && Answered != _requests.Count)
        {
            throw new ScriptException($"client {_number} received {Answered} answers to {_requests.Count} requests, although no side closed early");
        }

        if (_inAnswer && !_isTunnel && !End.GotReset)
        {
            _body.End("an answer");
        }
    }

    private void Leave()
    {
        _unsent.Clear();
        if (_random.Next(2) == 0)
        {
            End.HasReset = true;
        }
        else
        {
            (End.HasEnded, End.HasClosed) = (true, true);
        }
    }

    private bool Read(ReadOnlySpan<byte> bytes)
    {
        if (_isTunnel)
        {
            _at = End.GotLength;
            Scan();
            return false;
        }

        if (!_inAnswer)
        {
            return ReadHead(bytes);
        }

        _at += _body.Take(bytes, "an answer");
        if (_body.IsDone)
        {
            Scan();
            (_inAnswer, Answered) = (false, Answered + 1);
        }

        return true;
    }

    private bool ReadHead(ReadOnlySpan<byte> bytes)
    {
        switch (_answer.Parse(bytes))
        {
            case HeadState.Incomplete:
                return false;
            case HeadState.Faulty:
                throw new ScriptException($"a client received an invalid answer: {_answer.Fault}");
            default:
                break;
        }

        var head = bytes[.._answer.Length];
        _at += head.Length;
        if (_answer.IsInterim)
        {
            Scan();
            return true;
        }

        var (method, id) = Answered < _requests.Count ? _requests[Answered] : ("", "");
        var fields = HeadFields.Of(_answer.Fields, head);
        var isOwn = !_answer.Fields.Has(FieldName.Via);
        if (isOwn && _isPlain && _answer.Status is (400 or 414 or 431 or 501 or 505))
        {
            throw new ScriptException($"client {_number} was refused with {_answer.Status} although everything it sent is valid");
        }

        if (!isOwn)
        {
            if (Answered >= _requests.Count)
            {
                throw new ScriptException($"a client received an answer to a request that it did not send: {fields.Id}");
            }

            if (fields.IsPlain && fields.Id != id)
            {
                throw new ScriptException($"a client received the answer to {fields.Id} for its request {id}");
            }
        }

        _isTunnel = _answer.Status == 101;
        _inAnswer = true;
        var toHead = method == "HEAD" && !(isOwn && _answer.Fields.Connection.Close); // An answer to an incomplete head cannot depend on its method.
        _body.Begin(_isTunnel ? BodyReader.UntilClose() : _answer.BodyOf(toHead), fields);
        if (_body.IsDone)
        {
            Scan();
            (_inAnswer, Answered) = (false, Answered + 1);
        }

        return true;
    }

    /// <summary>Checks that there is no mark except the current request's, and no bytes of a returned buffer.</summary>
    private void Scan()
    {
        var (from, until) = (_scanned, _at);
        _scanned = until;
        var bytes = End.Got[from..until];
        var own = Answered < _requests.Count ? _requests[Answered].Id : "";
        if (bytes.Contains((byte)0xDB))
        {
            throw new ScriptException("a client received bytes of a returned buffer");
        }

        for (var at = bytes.IndexOf(Identity.Prefix); at >= 0 && bytes.Length - at >= Identity.Length;)
        {
            var mark = bytes.Slice(at, Identity.Length);
            if (!IsOwn(mark, own))
            {
                JudgeMark(Encoding.Latin1.GetString(mark), own);
            }

            var next = bytes[(at + 1)..].IndexOf(Identity.Prefix);
            at = next < 0 ? -1 : at + 1 + next;
        }
    }

    /// <summary>Checks a mark. If a mutation has hit a mark, another may have restored it: then it must still be one of this client's.</summary>
    private void JudgeMark(string mark, string own)
    {
        var owner = _script.OwnerOf(mark);
        if (owner >= 0 && (owner != _number || (_script.OwnerOf(own) >= 0 && !own.Contains(mark, StringComparison.Ordinal))))
        {
            throw new ScriptException($"client {_number} received {mark} in the answer to its request {own}");
        }
    }

    private static bool IsOwn(ReadOnlySpan<byte> mark, string own)
    {
        Span<byte> bytes = stackalloc byte[Identity.Length];
        return own.Length == Identity.Length && mark.SequenceEqual(bytes[..Encoding.Latin1.GetBytes(own, bytes)]);
    }
}
