namespace Gateway.Fuzz.Engine;

/// <summary>Creates a backend's answer to a request: well-formed, of every kind that the engine handles differently.</summary>
internal sealed class AnswerMaker(Random random)
{
    private static readonly int[] Statuses = [200, 200, 200, 200, 201, 204, 205, 206, 304, 404, 500, 502, 503, 504];

    private readonly Message _message = new(random);

    /// <summary>Whether the last one ends with the connection.</summary>
    public bool Closes { get; private set; }

    /// <param name="id">The request's mark.</param>
    /// <param name="isPlain">Whether it is sent unchanged.</param>
    /// <param name="isUpgrade">Whether the request asks for a WebSocket.</param>
    public byte[] Make(string id, string method, bool isPlain, bool isUpgrade, bool isCalm)
    {
        for (var interim = random.Next(8) == 0 ? random.Next(1, 3) : 0; interim > 0; interim--)
        {
            _message.Add(random.Next(2) == 0 ? "HTTP/1.1 100 Continue\r\n\r\n" : $"HTTP/1.1 103 Early Hints\r\nX-Id: {id}\r\nLink: </a>\r\n\r\n");
        }

        if (isUpgrade && random.Next(4) != 0)
        {
            Closes = true;
            _message.Add($"HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nX-Id: {id}\r\n\r\n");
            _message.Add(Identity.Body(id, random.Next(200)));
            return _message.Take();
        }

        var status = isCalm ? 200 : Statuses[random.Next(Statuses.Length)];
        var isHttp10 = !isCalm && random.Next(12) == 0;
        var hasBody = status is not (204 or 205 or 304) && method != "HEAD";
        var length = hasBody ? _message.BodyLength() : 0;
        _message.Add($"HTTP/1.{(isHttp10 ? 0 : 1)} {status} Status\r\nX-Id: {id}\r\n");
        if (isPlain)
        {
            _message.Add($"X-Plain: 1\r\nX-Len: {length}\r\n");
        }

        Closes = isHttp10 || (!isCalm && random.Next(8) == 0);
        if (Closes && !isHttp10)
        {
            _message.Add(random.Next(4) == 0 ? "Connection: close, X-Named\r\n" : "Connection: close\r\n");
        }
        else if (random.Next(8) == 0)
        {
            _message.Add($"Keep-Alive: timeout={random.Next(3)}\r\n");
        }

        if (status == 503 && random.Next(2) == 0)
        {
            _message.Add($"Retry-After: {random.Next(3)}\r\n");
        }

        AddBody(Identity.Body(id, length), hasBody, isHttp10, mustSayLength: status == 205);
        return _message.Take();
    }

    private void AddBody(byte[] body, bool hasBody, bool isHttp10, bool mustSayLength)
    {
        var framing = random.Next(3);
        if (!hasBody)
        {
            _message.Add(mustSayLength || framing == 0 ? "Content-Length: 0\r\n\r\n" : "\r\n");
        }
        else if (Closes && framing == 0)
        {
            _message.Add("\r\n");
            _message.Add(body);
        }
        else if (isHttp10 || framing == 1)
        {
            _message.Add($"Content-Length: {body.Length}\r\n\r\n");
            _message.Add(body);
        }
        else
        {
            _message.Add(random.Next(3) == 0 ? "Trailer: X-Sum\r\nTransfer-Encoding: chunked\r\n\r\n" : "Transfer-Encoding: chunked\r\n\r\n");
            _message.AddChunked(body);
        }
    }
}
