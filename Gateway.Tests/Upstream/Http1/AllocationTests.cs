using Gateway.Upstream.Http1;
using Microsoft.AspNetCore.Http;

namespace Gateway.Tests.Upstream.Http1;

public sealed class AllocationTests
{
    private static readonly byte[] Head =
        Generated.Bytes(
            "HTTP/1.1 200 OK\r\nDate: Mon, 01 Jan 2024 00:00:00 GMT\r\nServer: nginx\r\nConnection: keep-alive, X-Hop\r\nX-Hop: 1\r\n"
            + "Keep-Alive: timeout=5\r\nX-Unknown: caf\u00e9\r\nTransfer-Encoding: chunked\r\n\r\n");

    private static readonly byte[] Body = Generated.Bytes("5;a=b\r\nhello\r\n10\r\n0123456789abcdef\r\n0\r\nX-Sum: 1\r\n\r\n");

    [Fact]
    public void Reading_answers_allocates_nothing()
    {
        var parser = new ResponseHeadParser(CodecLimits.Default);
        var trailers = new FieldList(CodecLimits.Default.MaxFields);
        Assert.Equal(0, AllocatedBy(() =>
        {
            parser.Parse(Head.AsSpan(0, 70));
            parser.Parse(Head);
            var decoder = new ChunkedDecoder(CodecLimits.Default, trailers);
            for (var (at, step) = (0, decoder.Next(Body)); step.State == ChunkState.Payload; step = decoder.Next(Body.AsSpan(at)))
            {
                at += step.Consumed;
            }
        }));
    }

    [Fact]
    public void Writing_a_request_allocates_the_enumerator_that_its_fields_come_by_and_nothing_else()
    {
        using var buffer = new PooledBuffer(4096);
        var fields = new HeaderDictionary { ["Accept"] = "*/*", ["User-Agent"] = "curl/8", ["X-Name"] = "caf\u00e9", ["Connection"] = "keep-alive" };
        var head = new RequestHead(
            "GET", "/a?b=c", "shop.example", fields, new("1.1 gw", "10.0.0.1", "http", "shop.example", "for=10.0.0.1"), BodyFraming.Length(5));
        var enumerator = AllocatedBy(() =>
        {
            foreach (var _ in (IHeaderDictionary)fields)
            {
            }
        });

        Assert.Equal(enumerator, AllocatedBy(() =>
        {
            buffer.Truncate(0);
            RequestHeadWriter.Write(buffer, head);
        }));
    }

    /// <summary>Bytes for each call, once warm.</summary>
    private static long AllocatedBy(Action action)
    {
        const int Calls = 1000;
        for (var n = 0; n < 50; n++)
        {
            action();
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var n = 0; n < Calls; n++)
        {
            action();
        }

        return (GC.GetAllocatedBytesForCurrentThread() - before) / Calls;
    }
}
