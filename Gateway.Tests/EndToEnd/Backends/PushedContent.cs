using System.Net;
using System.Text;
using System.Threading.Channels;

namespace Gateway.Tests.EndToEnd.Backends;

/// <summary>A request body that a test sends piece by piece, each immediately, over HTTP/2 or in chunks.</summary>
internal sealed class PushedContent : HttpContent
{
    private readonly Channel<ReadOnlyMemory<byte>> _pieces = Channel.CreateBounded<ReadOnlyMemory<byte>>(1);
    private long _taken;

    /// <summary>The bytes taken by the connection.</summary>
    public long Taken => Volatile.Read(ref _taken);

    public ValueTask PushAsync(string text) => PushAsync(Encoding.Latin1.GetBytes(text));

    public ValueTask PushAsync(ReadOnlyMemory<byte> bytes) => _pieces.Writer.WriteAsync(bytes);

    public void End() => _pieces.Writer.Complete();

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        await stream.FlushAsync();
        await foreach (var piece in _pieces.Reader.ReadAllAsync())
        {
            await stream.WriteAsync(piece);
            await stream.FlushAsync();
            Interlocked.Add(ref _taken, piece.Length);
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }
}
