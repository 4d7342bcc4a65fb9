using System.IO.Pipelines;
using Gateway.Core.Outcomes;
using Gateway.Core.Pools;
using Gateway.Upstream;
using Gateway.Upstream.Http1;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Time.Testing;

namespace Gateway.Tests.Upstream.Http1;

/// <summary>One attempt on one connection, whose endpoint, client and time are moves of a test.</summary>
internal sealed class AttemptRig : IAnswerGate
{
    private readonly ConnectionPool _pool;
    private readonly Pipe _upload = new();

    public AttemptRig(Stream? endpoint = null)
    {
        Endpoint = endpoint as ScriptedStream ?? new ScriptedStream();
        _pool = new(
            TestEndpoints.Address("http://backend:80"), ConnectionPolicy.Default, () => new(endpoint ?? Endpoint), new ConnectionCount(), Clock, () => 0.5);
        Context.Features.Set<IHttpResponseFeature>(Answer);
        Context.Features.Set<IHttpResponseBodyFeature>(Answer);
        Context.Features.Set<IHttpRequestLifetimeFeature>(Answer);
        Context.Request.Protocol = HttpProtocol.Http11;
        Context.Request.Headers.Host = "shop.example";
    }

    public FakeTimeProvider Clock { get; } = new();

    public ScriptedStream Endpoint { get; }

    public RecordedAnswer Answer { get; } = new();

    public DefaultHttpContext Context { get; } = new();

    /// <summary>Where the client's body comes in.</summary>
    public PipeWriter Upload => _upload.Writer;

    public RequestBody? Body { get; private set; }

    public Http1Connection Connection { get; private set; } = null!;

    /// <summary>When the request's head had come.</summary>
    public TimeSpan Begun { get; private set; }

    /// <summary>Connections that went back to the pool.</summary>
    public int Idle => _pool.Idle;

    /// <summary>Begins a request without a body, or with one of this length that comes by <see cref="Upload"/>.</summary>
    public async Task<Task<AttemptReport>> BeginAsync(string method = "GET", long? length = null)
    {
        var begin = await PrepareAsync(method, length);
        return begin();
    }

    /// <summary>The same, ready to be begun.</summary>
    public async Task<Func<Task<AttemptReport>>> PrepareAsync(string method = "GET", long? length = null)
    {
        Context.Request.Method = method;
        Context.Request.ContentLength = length;
        Body = length is null ? null : new RequestBody(_upload.Reader, limit: 0);
        var waiter = new ConnectionWaiter(-1);
        _pool.Join(waiter);
        Connection = await waiter.Task;
        var now = Begun = Clock.GetElapsedTime(0);
        var exchange = new Exchange
        {
            Context = Context,
            Target = "/",
            Pool = new PoolSettings { Name = "test", Endpoints = [] },
            Fields = new("1.1 gw", "10.0.0.1", "http", null, "for=10.0.0.1"),
            Gate = this,
            ClientGone = CancellationToken.None,
            Begun = now,
            Deadline = now + TimeSpan.FromSeconds(30),
            Body = Body,
        };
        return () => new Http1Attempt(_pool, Connection, new TransportClock(Clock)).RunAsync(exchange).AsTask();
    }

    /// <summary>Lets time pass in small steps until something is so.</summary>
    public Task PassAsync(Func<bool> until) => EndToEnd.Eventually.IsAsync(() =>
    {
        if (until())
        {
            return true;
        }

        Clock.Advance(TimeSpan.FromMilliseconds(1));
        return false;
    });

    bool IAnswerGate.PassOn(in AnswerHead head) => true;
}
