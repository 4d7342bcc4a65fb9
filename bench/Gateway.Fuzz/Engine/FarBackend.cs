using Gateway.Http;

namespace Gateway.Fuzz.Engine;

/// <summary>
/// One connection of a backend: reads the engine's output, which must be valid HTTP, and answers, or not, or wrongly. The engine may send a request only after
/// the previous answer is over.
/// </summary>
internal sealed class FarBackend(FarEnd end, Random random, Script script)
{
    private static readonly HttpLimits Limits = new() { MaxHead = 256 * 1024, MaxRequestLine = 128 * 1024, MaxFields = 4096, MaxTrailers = 64 * 1024 };

    private readonly RequestHead _request = new(Limits);
    private readonly BodyCheck _body = new();
    private readonly AnswerTracker _tracker = new();
    private readonly Queue<byte[]> _unsent = new();
    private int _at;
    private HeadFields _fields;
    private string _method = "";
    private bool _isUpgrade;
    private bool _inRequest;
    private bool _answering;
    private bool _closesAfter;
    private bool _resetsAfter;
    private bool _isTunnel;

    public FarEnd End => end;

    /// <summary>Whether it can act by itself.</summary>
    public bool IsActive => !end.HasClosed && !end.HasEnded && !end.HasReset && !end.IsOver && (_unsent.Count > 0 || end.GotLength > _at || (_inRequest && !_answering) || !end.IsConnected || _closesAfter || end.Room < FarEnd.Boundless);

    public void Act()
    {
        if (!end.IsConnected)
        {
            Connect();
            return;
        }

        if (end.Room < FarEnd.Boundless)
        {
            end.Room = random.Next(4) == 0 ? FarEnd.Boundless : end.Room + random.Next(5_000);
        }

        if (_inRequest && !_answering && (_body.IsDone || (!script.IsCalm && random.Next(12) == 0)))
        {
            Answer();
        }
        else if (_unsent.TryDequeue(out var packet))
        {
            end.Sent.Enqueue(packet);
        }
        else if (_closesAfter && _answering)
        {
            Close();
        }
        else if (!script.IsCalm && random.Next(24) == 0)
        {
            Misbehave();
        }
    }

    private void Connect()
    {
        switch (script.IsCalm ? 9 : random.Next(20))
        {
            case 0:
                end.ConnectError = random.Next(2) == 0 ? 111 : 113;
                break;
            case 1:
                break; // Not yet, perhaps never.
            default:
                end.IsConnected = true;
                break;
        }
    }

    /// <summary>Called when a packet it sent has been delivered.</summary>
    public void Delivered(byte[] packet) => _tracker.Take(packet);

    /// <summary>Reads what it received.</summary>
    public void Read()
    {
        while (_at < end.GotLength)
        {
            var bytes = end.Got[_at..];
            if (bytes.Contains((byte)0xDB))
            {
                throw new ScriptException("a backend received bytes of a returned buffer");
            }

            if (_isTunnel)
            {
                _at = end.GotLength;
            }
            else if (!_inRequest)
            {
                if (!ReadHead(bytes))
                {
                    return;
                }
            }
            else if (!_body.IsDone)
            {
                _at += _body.Take(bytes, "a request");
            }
            else
            {
                EndAnswer();
            }
        }
    }

    private bool ReadHead(ReadOnlySpan<byte> bytes)
    {
        switch (_request.Parse(bytes))
        {
            case HeadState.Incomplete:
                return false;
            case HeadState.Faulty:
                throw new ScriptException($"a backend received an invalid request: {_request.Fault}");
            default:
                break;
        }

        var head = bytes[.._request.Length];
        if (!_request.IsHttp11)
        {
            throw new ScriptException("a backend received a request of another HTTP version");
        }

        DropUnsent();
        _fields = HeadFields.Of(_request.Fields, head);
        (_method, _isUpgrade, _inRequest, _answering) = (_request.Method, _request.IsWebSocket(head), true, false);
        _body.Begin(_request.Body, _fields);
        _tracker.Begin(_method);
        _at += head.Length;
        return true;
    }

    /// <summary>Called with another request: the engine considers the last answer complete.</summary>
    private void EndAnswer()
    {
        if (!_tracker.IsOver)
        {
            throw new ScriptException("a backend received a request on a connection whose last answer was incomplete or faulty");
        }

        DropUnsent();
        (_inRequest, _closesAfter) = (false, false);
    }

    /// <summary>Drops unsent output: the rest of an answer, or an unsolicited one, would be taken for the answer to the next request, undetectably.</summary>
    private void DropUnsent()
    {
        _unsent.Clear();
        end.Sent.Clear();
    }

    private void Answer()
    {
        _answering = true;
        var isPlain = _fields.Id.Length == Identity.Length && (script.IsCalm || random.Next(3) != 0);
        var answer = script.Answers.Make(_fields.Id.Length > 0 ? _fields.Id : "id-none", _method, isPlain, _isUpgrade, script.IsCalm);
        if (!isPlain)
        {
            answer = script.Mutate(answer);
        }

        _isTunnel = _isUpgrade && (!isPlain || answer.AsSpan().IndexOf("HTTP/1.1 101"u8) >= 0); // Any data may follow a mutated one: it may be frames.
        _closesAfter = script.Answers.Closes && !_isTunnel;
        _resetsAfter = !script.IsCalm && random.Next(40) == 0;
        script.Cut(answer, _unsent);
    }

    private void Close()
    {
        _closesAfter = false;
        if (_resetsAfter)
        {
            end.HasReset = true;
        }
        else
        {
            end.HasEnded = true;
            end.HasClosed = random.Next(2) == 0;
        }
    }

    private void Misbehave()
    {
        switch (random.Next(4))
        {
            case 0:
                end.HasReset = true;
                break;
            case 1:
                end.HasEnded = true;
                end.HasClosed = true;
                break;
            case 2:
                end.HasEnded = true;
                break;
            case 3 when _unsent.Count > 0 || _closesAfter:
                return; // It would be taken for a part of the body.
            default:
                end.Sent.Enqueue("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"u8.ToArray()); // Unsolicited.
                break;
        }

        _unsent.Clear();
        _closesAfter = false;
        _answering = true;
    }
}
