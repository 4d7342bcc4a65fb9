using System.Text;
using Gateway.Http;

namespace Gateway.Fuzz.Engine.Http2;

/// <summary>An HTTP/1.1 backend that checks that requests are complete and valid, and answers each in one of several ways, or breaks off.</summary>
internal sealed class AnyBackend(FarEnd end, Random random, Action<string> onRequest)
{
    private const int MaxPiece = 32 * 1024;

    private static readonly string[] Answers =
    [
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: x-t\r\n\r\n5\r\nhello\r\n0\r\nx-t: 1\r\n\r\n",
        "HTTP/1.1 103 Early Hints\r\nLink: a\r\n\r\nHTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n",
        $"HTTP/1.1 200 OK\r\nContent-Length: 70000\r\n\r\n{new string('a', 70_000)}",
        "HTTP/1.1 413 No\r\nConnection: close\r\nContent-Length: 2\r\n\r\nno",
        "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: x\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf",
        "no HTTP\r\n\r\n",
    ];

    private readonly RequestHead _head = new(HttpLimits.Default);
    private BodyReader _body;
    private bool _isInBody;
    private bool _isDone;
    private int _at;

    /// <summary>Whether it never answers again.</summary>
    public bool IsSilent { get; } = random.Next(12) == 0;

    /// <summary>Reads its input.</summary>
    public void Read()
    {
        while (!_isDone && _at < end.GotLength)
        {
            if (_isInBody ? !TakeBody() : !TakeHead())
            {
                return;
            }
        }
    }

    private bool TakeHead()
    {
        var state = _head.Parse(end.Got[_at..]);
        if (state != HeadState.Complete)
        {
            return state == HeadState.Faulty ? throw new ScriptException($"a backend received an invalid request: {_head.Fault}: {Encoding.Latin1.GetString(end.Got[_at..])}") : false;
        }

        onRequest(Encoding.Latin1.GetString(end.Got.Slice(_at + _head.TargetStart, _head.TargetLength)));
        _at += _head.Length;
        (_body, _isInBody) = (_head.Body, true);
        if (random.Next(8) == 0)
        {
            Answer(); // Before the body.
        }

        return !_body.IsDone || TakeBody();
    }

    private bool TakeBody()
    {
        var input = end.Got[_at..];
        var taken = 0;
        while (_body.Kind == BodyKind.Chunked && !_body.IsAtTrailers && _body.Fault == HttpFault.None && taken < input.Length)
        {
            taken += _body.TakeChunk(input[taken..], out _);
        }

        taken += _body.IsAtTrailers ? _body.TakeTrailers(input[taken..]) : _body.Kind == BodyKind.Chunked ? 0 : _body.Take(input);
        _at += taken;
        if (_body.Fault != HttpFault.None)
        {
            throw new ScriptException($"a backend received an invalid body: {_body.Fault}");
        }

        if (!_body.IsDone)
        {
            return taken > 0;
        }

        _isInBody = false;
        Answer();
        return !_isDone;
    }

    private void Answer()
    {
        if (IsSilent || _isDone)
        {
            _isDone = true;
            return;
        }

        var answer = Encoding.Latin1.GetBytes(Answers[random.Next(8) == 0 ? random.Next(Answers.Length) : random.Next(5)]);
        for (var at = 0; at < answer.Length;)
        {
            var piece = Math.Min(answer.Length - at, random.Next(1, MaxPiece));
            end.Sent.Enqueue(answer[at..(at + piece)]);
            at += piece;
        }

        if (_isInBody || random.Next(10) == 0)
        {
            _isDone = true;
            end.HasEnded = random.Next(2) == 0;
            end.HasReset = !end.HasEnded;
        }
    }
}
