using System.Buffers;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;

namespace Gateway.Upstream.Http1;

/// <summary>
/// Takes in what an endpoint says on the way to its answer (1xx), and passes early hints on. They are worth something only at once: a client
/// that does not take them is not waited for, and gets no more of them.
/// </summary>
internal sealed class InterimRelay
{
    private const int EarlyHints = 103;

    private int _taken;
    private bool _isOver;

    /// <summary>From here on it is about another answer.</summary>
    public void Begin() => (_taken, _isOver) = (0, false);

    /// <summary>Takes in an interim head. Throws when the endpoint goes on and on.</summary>
    /// <param name="section">The head's bytes.</param>
    /// <param name="passOn">The client that early hints go on to; null: to nobody.</param>
    public ValueTask TakeAsync(ResponseHead head, ReadOnlyMemory<byte> section, HttpContext? passOn)
    {
        _taken += section.Length;
        if (_taken > CodecLimits.Default.MaxInterim)
        {
            throw new InvalidDataException($"more than {CodecLimits.Default.MaxInterim} bytes of interim answers");
        }

        return passOn is not null && head.Status == EarlyHints && !_isOver ? PassOnAsync(passOn, head, section) : default;
    }

    /// <summary>To an HTTP/1.1 client, outside the answer, since the server has no call for it.</summary>
    private async ValueTask PassOnAsync(HttpContext context, ResponseHead head, ReadOnlyMemory<byte> section)
    {
        if (context.Request.Protocol != HttpProtocol.Http11 || context.Response.HasStarted ||
            context.Features.Get<IConnectionTransportFeature>() is not { } transport)
        {
            return;
        }

        var output = transport.Transport.Output;
        output.Write("HTTP/1.1 103 Early Hints\r\n"u8);
        HeadRelay.WriteFields(output, head.Fields, section.Span);
        output.Write("\r\n"u8);
        var flushing = output.FlushAsync();
        if (!flushing.IsCompleted)
        {
            _isOver = true;
            output.CancelPendingFlush(); // What is written stays written and goes first when the client reads on.
        }

        await flushing;
    }
}
