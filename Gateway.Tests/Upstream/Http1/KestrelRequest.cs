using System.Buffers;
using System.Text;
using Microsoft.AspNetCore.Server.Kestrel.Core.Internal.Http;

namespace Gateway.Tests.Upstream.Http1;

/// <summary>A request head as Kestrel's own parser reads it.</summary>
internal sealed class KestrelRequest : IHttpRequestLineHandler, IHttpHeadersHandler
{
    private KestrelRequest(byte[] bytes)
    {
        var parser = new HttpParser<KestrelRequest>();
        var reader = new SequenceReader<byte>(new ReadOnlySequence<byte>(bytes));
        Assert.True(parser.ParseRequestLine(this, ref reader));
        Assert.True(parser.ParseHeaders(this, ref reader));
        Assert.Equal(0, reader.Remaining);
    }

    /// <summary>Method and target.</summary>
    public string Line { get; private set; } = "";

    public List<string> Fields { get; } = [];

    public static KestrelRequest Of(ReadOnlySpan<byte> bytes) => new(bytes.ToArray());

    public void OnStartLine(HttpVersionAndMethod versionAndMethod, TargetOffsetPathLength targetPath, Span<byte> startLine) =>
        Line = Encoding.Latin1.GetString(startLine);

    public void OnHeader(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value) =>
        Fields.Add($"{Encoding.Latin1.GetString(name)}: {Encoding.Latin1.GetString(value)}");

    public void OnHeadersComplete(bool endStream)
    {
    }

    public void OnStaticIndexedHeader(int index) => throw new NotSupportedException();

    public void OnStaticIndexedHeader(int index, ReadOnlySpan<byte> value) => throw new NotSupportedException();
}
