using System.IO.Pipelines;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Gateway.Node.Hosting;

/// <summary>
/// Takes back what Kestrel offers to every HTTP/2 client and this gateway does not serve: extended CONNECT (RFC 8441). The offer stands in the first
/// frame of the connection, and there is no setting for it, so the frame is changed on its way out; nothing after it is looked at.
/// </summary>
internal static class WithheldConnect
{
    public static void WithholdExtendedConnect(this ListenOptions listen) => listen.Use(next => connection =>
    {
        connection.Transport = new Pipes(connection.Transport.Input, new FirstFrameWriter(connection.Transport.Output));
        return next(connection);
    });

    private sealed record Pipes(PipeReader Input, PipeWriter Output) : IDuplexPipe;

    /// <summary>Passes everything on as it is, but for the one setting.</summary>
    private sealed class FirstFrameWriter(PipeWriter inner) : PipeWriter
    {
        private SettingsFrame? _first = new();
        private Memory<byte> _given;

        public override bool CanGetUnflushedBytes => inner.CanGetUnflushedBytes;

        public override long UnflushedBytes => inner.UnflushedBytes;

        public override Memory<byte> GetMemory(int sizeHint = 0)
        {
            var memory = inner.GetMemory(sizeHint);
            if (_first is not null)
            {
                _given = memory;
            }

            return memory;
        }

        public override Span<byte> GetSpan(int sizeHint = 0) => _first is null ? inner.GetSpan(sizeHint) : GetMemory(sizeHint).Span;

        public override void Advance(int bytes)
        {
            if (_first is { } first)
            {
                first.Withhold(SettingsFrame.EnableConnectProtocol, _given.Span[..bytes]);
                _given = _given[bytes..];
                (_first, _given) = first.IsOver ? (null, default) : (first, _given);
            }

            inner.Advance(bytes);
        }

        public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default) => inner.FlushAsync(cancellationToken);

        public override void CancelPendingFlush() => inner.CancelPendingFlush();

        public override void Complete(Exception? exception = null) => inner.Complete(exception);

        public override ValueTask CompleteAsync(Exception? exception = null) => inner.CompleteAsync(exception);
    }
}
