namespace Gateway.Fuzz.Engine;

/// <summary>Creates the requests of one client: well-formed, of every kind that the engine handles differently.</summary>
internal sealed class RequestMaker(Random random)
{
    private static readonly string[] Methods = ["GET", "GET", "GET", "HEAD", "POST", "POST", "PUT", "DELETE", "OPTIONS", "TRACE", "PATCH"];
    private static readonly string[] Options = ["close", "keep-alive", "keep-alive, X-Named", "close", "TE"];

    private readonly Message _message = new(random);

    /// <param name="isPlain">Whether it is sent unchanged.</param>
    /// <param name="isCalm">Whether a backend must be asked and the connection kept.</param>
    public byte[] Make(string id, bool isPlain, bool isCalm)
    {
        var method = Methods[random.Next(Methods.Length)];
        var target = random.Next(24) switch { 0 when !isCalm => "/health", 1 when !isCalm => "/ready", 2 => $"http://h/{id}", 3 => "/a/../b%2Fc?q", _ => $"/p?{id}" };
        var isHttp10 = !isCalm && random.Next(10) == 0;
        var isUpgrade = !isCalm && method == "GET" && random.Next(12) == 0;
        _message.Add($"{method} {target} HTTP/1.{(isHttp10 ? 0 : 1)}\r\nHost: h\r\nX-Id: {id}\r\n");
        if (isUpgrade)
        {
            _message.Add("Connection: Upgrade\r\nUpgrade: websocket\r\n");
        }
        else if (!isCalm && random.Next(6) == 0)
        {
            _message.Add($"Connection: {Options[random.Next(Options.Length)]}\r\n");
        }

        if (random.Next(6) == 0)
        {
            _message.Add("TE: trailers\r\n");
        }

        if (!isCalm && (method is "OPTIONS" or "TRACE") && random.Next(2) == 0)
        {
            _message.Add($"Max-Forwards: {random.Next(3)}\r\n");
        }

        AddBody(id, isPlain, hasBody: !isUpgrade && (method is "POST" or "PUT" or "PATCH" || random.Next(10) == 0), isHttp10);
        return _message.Take();
    }

    private void AddBody(string id, bool isPlain, bool hasBody, bool isHttp10)
    {
        var length = hasBody ? _message.BodyLength() : 0;
        var body = Identity.Body(id, length);
        if (isPlain)
        {
            _message.Add($"X-Plain: 1\r\nX-Len: {length}\r\n");
        }

        if (hasBody && random.Next(6) == 0)
        {
            _message.Add("Expect: 100-continue\r\n");
        }

        if (!hasBody)
        {
            _message.Add("\r\n");
        }
        else if (isHttp10 || random.Next(2) == 0)
        {
            _message.Add($"Content-Length: {length}\r\n\r\n");
            _message.Add(body);
        }
        else
        {
            _message.Add("Transfer-Encoding: chunked\r\n\r\n");
            _message.AddChunked(body);
        }
    }
}
