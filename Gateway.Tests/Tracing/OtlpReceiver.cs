using System.Collections.Concurrent;
using Gateway.Tests.EndToEnd;
using Gateway.Tests.EndToEnd.Backends;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Gateway.Tests.Tracing;

/// <summary>An OTLP receiver in this process, over HTTP with protobuf or over gRPC. Reads the protobuf of exports by its field numbers.</summary>
internal sealed class OtlpReceiver : IAsyncDisposable
{
    private readonly ConcurrentQueue<ReceivedSpan> _spans = new();
    private readonly ConcurrentQueue<ReceivedMetrics> _metrics = new();
    private KestrelBackend _server = null!;

    public Uri Address => _server.Address;

    public IReadOnlyCollection<ReceivedSpan> Spans => _spans;

    /// <summary>All exports of metrics, in order.</summary>
    public IReadOnlyCollection<ReceivedMetrics> Metrics => _metrics;

    /// <summary>The status of answers over HTTP; default 200.</summary>
    public int Status { get; set; } = StatusCodes.Status200OK;

    /// <summary>The status of answers over gRPC; default 0.</summary>
    public int GrpcStatus { get; set; }

    /// <summary>The answer's body over HTTP.</summary>
    public byte[] Answer { get; set; } = [];

    /// <summary>The requested paths.</summary>
    public ConcurrentQueue<string> Paths { get; } = new();

    public static async Task<OtlpReceiver> StartAsync(bool isGrpc = false)
    {
        var receiver = new OtlpReceiver();
        receiver._server = await KestrelBackend.StartAsync(
            isGrpc ? receiver.AnswerGrpcAsync : receiver.AnswerHttpAsync, isGrpc ? HttpProtocols.Http2 : HttpProtocols.Http1);
        return receiver;
    }

    /// <summary>The spans of a trace, once there are that many.</summary>
    public async Task<IReadOnlyList<ReceivedSpan>> SpansAsync(int count, string? trace = null)
    {
        IReadOnlyList<ReceivedSpan> Found() => [.. _spans.Where(span => trace is null || span.TraceId == trace)];
        await Eventually.IsAsync(() => Found().Count >= count, TimeSpan.FromSeconds(30)); // They are sent every five seconds.
        Assert.Equal(count, Found().Count);
        return Found();
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private async Task AnswerHttpAsync(HttpContext context)
    {
        Read(await BodyOfAsync(context), context.Request.Path);
        context.Response.StatusCode = Status;
        context.Response.ContentType = "application/x-protobuf";
        await context.Response.Body.WriteAsync(Answer);
    }

    private async Task AnswerGrpcAsync(HttpContext context)
    {
        Read((await BodyOfAsync(context))[5..], context.Request.Path);
        context.Response.ContentType = "application/grpc";
        await context.Response.Body.WriteAsync(new byte[5]);
        context.Response.AppendTrailer("grpc-status", GrpcStatus.ToString(System.Globalization.CultureInfo.InvariantCulture));
    }

    private async Task<byte[]> BodyOfAsync(HttpContext context)
    {
        Paths.Enqueue(context.Request.Path);
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        return body.ToArray();
    }

    private void Read(byte[] export, string path)
    {
        if (path.Contains("metrics", StringComparison.Ordinal))
        {
            _metrics.Enqueue(ReceivedMetrics.Parse(export));
            return;
        }

        foreach (var resourceSpans in ProtobufText.Messages(export, 1))
        {
            var resource = TagsIn(ProtobufText.Messages(resourceSpans, 1).Single(), 1);
            foreach (var span in ProtobufText.Messages(resourceSpans, 2).SelectMany(scope => ProtobufText.Messages(scope, 2)))
            {
                _spans.Enqueue(SpanIn(span, resource));
            }
        }
    }

    private static ReceivedSpan SpanIn(byte[] span, Dictionary<string, object> resource) => new(
        ProtobufText.Hex(span, 1), ProtobufText.Hex(span, 2), ProtobufText.Hex(span, 4), ProtobufText.Text(span, 3), ProtobufText.Text(span, 5), (int)ProtobufText.Number(span, 6), (int)ProtobufText.Number(ProtobufText.Messages(span, 15).FirstOrDefault() ?? [], 3),
        TagsIn(span, 9), resource);

    private static Dictionary<string, object> TagsIn(byte[] message, int field) => ProtobufText.Messages(message, field).ToDictionary(
        pair => ProtobufText.Text(pair, 1),
        pair =>
        {
            var value = ProtobufText.Messages(pair, 2).Single();
            return ProtobufText.Messages(value, 1).Count > 0 ? (object)ProtobufText.Text(value, 1) : ProtobufText.Number(value, 3);
        });
}
