namespace Gateway.Tests.EndToEnd.Backends;

/// <summary>Common scripts for a <see cref="RawBackend"/>. Those with counters are created for each backend.</summary>
public static class RawScripts
{
    /// <summary>A regular answer to each request, with keep-alive.</summary>
    public static Func<RawExchange, Task> Answer(int status = 200, string body = "ok", params string[] fields) => async exchange =>
    {
        await exchange.ReadRequestAsync();
        await exchange.AnswerAsync(status, body, fields);
    };

    /// <summary>Exactly these bytes after each request, then a regular close: for malformed answers.</summary>
    public static Func<RawExchange, Task> Exactly(string answer) => async exchange =>
    {
        await exchange.ReadRequestAsync();
        await exchange.WriteAsync(answer);
        exchange.Close();
    };

    /// <summary>A reset as soon as the connection is established.</summary>
    public static Func<RawExchange, Task> ResetOnConnect { get; } = exchange =>
    {
        exchange.Reset();
        return Task.CompletedTask;
    };

    /// <summary>A reset after the request, before any byte of an answer.</summary>
    public static Func<RawExchange, Task> Reset { get; } = async exchange =>
    {
        await exchange.ReadRequestAsync();
        exchange.Reset();
    };

    /// <summary>A regular close after the request, before any byte of an answer.</summary>
    public static Func<RawExchange, Task> CloseUnanswered { get; } = Exactly("");

    /// <summary>A head that announces 1,000 bytes, then a reset.</summary>
    /// <param name="when">The reset waits for this, for instance until the test has seen the head.</param>
    public static Func<RawExchange, Task> ResetAfterHead(Task? when = null) =>
        WriteThenReset("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n", when);

    /// <summary>A head that announces 1,000 bytes and 500 of them, then a reset.</summary>
    public static Func<RawExchange, Task> ResetInMidBody(Task? when = null) =>
        WriteThenReset("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n" + new string('x', 500), when);

    /// <summary>One chunk, then a reset before the last one.</summary>
    public static Func<RawExchange, Task> ResetInMidChunks(Task? when = null) =>
        WriteThenReset("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n", when);

    /// <summary>Half a head; the rest, a regular answer with the body <c>late</c>, when <paramref name="when"/> completes.</summary>
    public static Func<RawExchange, Task> SlowHead(Task when) => async exchange =>
    {
        await exchange.ReadRequestAsync();
        await exchange.WriteAsync("HTTP/1.1 200 OK\r\nContent-Le");
        await when.WaitAsync(exchange.Stopping);
        await exchange.WriteAsync("ngth: 4\r\n\r\nlate");
    };

    /// <summary>A head and half a body; the rest when <paramref name="when"/> completes.</summary>
    public static Func<RawExchange, Task> SlowBody(Task when) => async exchange =>
    {
        await exchange.ReadRequestAsync();
        await exchange.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\nhalf");
        await when.WaitAsync(exchange.Stopping);
        await exchange.WriteAsync("half");
    };

    /// <summary>Reads the request and never answers.</summary>
    public static Func<RawExchange, Task> Hang { get; } = async exchange =>
    {
        await exchange.ReadRequestAsync();
        await exchange.HangAsync();
    };

    /// <summary>Bytes that are not HTTP.</summary>
    public static Func<RawExchange, Task> Garbage { get; } = Exactly("\u0016\u0003\u0001 not HTTP\r\n\r\n");

    /// <summary>A body of 1,000 bytes announced, 500 sent, then a regular close.</summary>
    public static Func<RawExchange, Task> HalfClosed { get; } =
        Exactly("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n" + new string('x', 500));

    /// <summary>A body ended only by the close.</summary>
    public static Func<RawExchange, Task> EndedByClose { get; } = Exactly("HTTP/1.1 200 OK\r\n\r\nuntil the close");

    /// <summary>Both framings at once: an answer for smuggling.</summary>
    public static Func<RawExchange, Task> LengthAndChunked { get; } =
        Exactly("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n");

    /// <summary>Two different lengths.</summary>
    public static Func<RawExchange, Task> DifferingLengths { get; } =
        Exactly("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello!");

    /// <summary>A final answer after the request's head; the body is read afterwards.</summary>
    public static Func<RawExchange, Task> EarlyAnswer(int status = 413) => async exchange =>
    {
        await exchange.ReadHeadAsync();
        await exchange.AnswerAsync(status, "early", "Connection: close");
        exchange.ShutdownSend();
        await exchange.ReadBodyAsync();
        exchange.Close();
    };

    /// <summary>
    /// Answers a number of requests on each connection and closes when the next arrives, without an answer: like a backend that closes a kept-alive connection
    /// at that very moment.
    /// </summary>
    public static Func<RawExchange, Task> StaleKeepAlive(int answered = 1) => async exchange =>
    {
        await exchange.ReadRequestAsync();
        if (exchange.NumberOnConnection >= answered)
        {
            exchange.Close();
        }
        else
        {
            await exchange.AnswerAsync(200, "ok");
        }
    };

    /// <summary>The first requests of the backend fail, all others are answered with 200.</summary>
    public static Func<RawExchange, Task> Burst(int failures, int status = 503)
    {
        var seen = 0;
        return async exchange =>
        {
            await exchange.ReadRequestAsync();
            var fails = Interlocked.Increment(ref seen) <= failures;
            await exchange.AnswerAsync(fails ? status : 200, fails ? "no" : "ok");
        };
    }

    /// <summary>A different script for each request of the backend, in order; the last for all that follow.</summary>
    public static Func<RawExchange, Task> InTurn(params Func<RawExchange, Task>[] scripts)
    {
        var next = 0;
        return exchange => scripts[Math.Min(Interlocked.Increment(ref next), scripts.Length) - 1](exchange);
    }

    private static Func<RawExchange, Task> WriteThenReset(string bytes, Task? when) => async exchange =>
    {
        await exchange.ReadRequestAsync();
        await exchange.WriteAsync(bytes);
        await (when ?? Task.CompletedTask).WaitAsync(exchange.Stopping);
        exchange.Reset();
    };
}
