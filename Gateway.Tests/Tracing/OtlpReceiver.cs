using System.Collections.Concurrent;
using Gateway.Tests.EndToEnd;
using Gateway.Tests.EndToEnd.Backends;
using Google.Protobuf;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Gateway.Tests.Tracing;

/// <summary>An OTLP receiver in this process, over HTTP with protobuf or over gRPC. Reads the protobuf of a trace export by its field numbers.</summary>
internal sealed class OtlpReceiver : IAsyncDisposable
{
    private readonly ConcurrentQueue<ReceivedSpan> _spans = new();
    private KestrelBackend _server = null!;

    public Uri Address => _server.Address;

    public IReadOnlyCollection<ReceivedSpan> Spans => _spans;

    /// <summary>The paths that were asked for.</summary>
    public ConcurrentQueue<string> Paths { get; } = new();

    public static async Task<OtlpReceiver> StartAsync(bool isGrpc = false)
    {
        var receiver = new OtlpReceiver();
        receiver._server = await KestrelBackend.StartAsync(
            isGrpc ? receiver.AnswerGrpcAsync : receiver.AnswerHttpAsync, isGrpc ? HttpProtocols.Http2 : HttpProtocols.Http1);
        return receiver;
    }

    /// <summary>The spans of a trace, once there are so many.</summary>
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
        Read(await BodyOfAsync(context));
        context.Response.ContentType = "application/x-protobuf";
    }

    private async Task AnswerGrpcAsync(HttpContext context)
    {
        Read((await BodyOfAsync(context))[5..]);
        context.Response.ContentType = "application/grpc";
        await context.Response.Body.WriteAsync(new byte[5]);
        context.Response.AppendTrailer("grpc-status", "0");
    }

    private async Task<byte[]> BodyOfAsync(HttpContext context)
    {
        Paths.Enqueue(context.Request.Path);
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        return body.ToArray();
    }

    private void Read(byte[] export)
    {
        foreach (var resourceSpans in Messages(export, 1))
        {
            var resource = TagsIn(Messages(resourceSpans, 1).Single(), 1);
            foreach (var span in Messages(resourceSpans, 2).SelectMany(scope => Messages(scope, 2)))
            {
                _spans.Enqueue(SpanIn(span, resource));
            }
        }
    }

    private static ReceivedSpan SpanIn(byte[] span, Dictionary<string, object> resource) => new(
        Hex(span, 1), Hex(span, 2), Hex(span, 4), Text(span, 3), Text(span, 5), (int)Number(span, 6), (int)Number(Messages(span, 15).FirstOrDefault() ?? [], 3),
        TagsIn(span, 9), resource);

    private static Dictionary<string, object> TagsIn(byte[] message, int field) => Messages(message, field).ToDictionary(
        pair => Text(pair, 1),
        pair =>
        {
            var value = Messages(pair, 2).Single();
            return Messages(value, 1).Count > 0 ? (object)Text(value, 1) : Number(value, 3);
        });

    private static string Hex(byte[] message, int field) => Convert.ToHexStringLower(Messages(message, field).FirstOrDefault() ?? []);

    private static string Text(byte[] message, int field) => System.Text.Encoding.UTF8.GetString(Messages(message, field).FirstOrDefault() ?? []);

    private static long Number(byte[] message, int field)
    {
        using var reader = new CodedInputStream(message);
        for (var tag = reader.ReadTag(); tag != 0; tag = reader.ReadTag())
        {
            if (WireFormat.GetTagFieldNumber(tag) == field && WireFormat.GetTagWireType(tag) == WireFormat.WireType.Varint)
            {
                return reader.ReadInt64();
            }

            reader.SkipLastField();
        }

        return 0;
    }

    private static List<byte[]> Messages(byte[] message, int field)
    {
        var found = new List<byte[]>();
        using var reader = new CodedInputStream(message);
        for (var tag = reader.ReadTag(); tag != 0; tag = reader.ReadTag())
        {
            if (WireFormat.GetTagFieldNumber(tag) == field && WireFormat.GetTagWireType(tag) == WireFormat.WireType.LengthDelimited)
            {
                found.Add(reader.ReadBytes().ToByteArray());
            }
            else
            {
                reader.SkipLastField();
            }
        }

        return found;
    }
}
