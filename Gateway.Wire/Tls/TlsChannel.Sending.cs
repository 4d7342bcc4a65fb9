namespace Gateway.Wire.Tls;

/// <summary>Sending: in records as large as allowed, and all of them in one call to the inner channel.</summary>
public sealed unsafe partial class TlsChannel
{
    private bool CanSend => !_closed && _isEstablished && !_isBroken && !_closeNotifySent;

    public override bool Send(ReadOnlySpan<byte> bytes) => Send(bytes, []);

    public override bool Send(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second)
    {
        while (CanSend && !(first.IsEmpty && second.IsEmpty))
        {
            if (first.IsEmpty)
            {
                Encrypt(Cut(ref second, TlsBuffers.Record));
            }
            else if (second.IsEmpty || first.Length >= TlsBuffers.Record)
            {
                Encrypt(Cut(ref first, TlsBuffers.Record));
            }
            else
            {
                var joined = _buffers.Joined;
                var length = first.Length;
                first.CopyTo(joined);
                first = [];
                var rest = Cut(ref second, joined.Length - length);
                rest.CopyTo(joined[length..]);
                Encrypt(joined[..(length + rest.Length)]);
            }
        }

        Flush();
        return _closed || _inner.Backlog == 0;
    }

    private static ReadOnlySpan<byte> Cut(ref ReadOnlySpan<byte> from, int max)
    {
        var part = from[..Math.Min(from.Length, max)];
        from = from[part.Length..];
        return part;
    }

    /// <summary>Encrypts the data of one record.</summary>
    private void Encrypt(ReadOnlySpan<byte> bytes)
    {
        if (_buffers.IsOutputNearlyFull)
        {
            Flush();
            if (_closed)
            {
                return; // The inner channel could not send, and has reported it already.
            }
        }

        fixed (byte* from = bytes)
        {
            LibSsl.ClearErrors();
            _buffers.SetInput(null, null);
            var result = LibSsl.Write(_session, from, bytes.Length);
            if (result != bytes.Length)
            {
                _isBroken = true; // OpenSSL needs no input and has room, so this is its own error. The end is reported in the next turn.
                Loop.Post(() => Loop.Guard(static (channel, _) => channel.Fail(ProtocolError), this, 0));
            }
        }
    }

    /// <summary>Sends OpenSSL's output.</summary>
    private void Flush()
    {
        if (_buffers.OutputLength > 0)
        {
            try
            {
                _inner.Send(_buffers.Output);
            }
            finally
            {
                _buffers.ClearOutput(); // In any case: the next session's output must not follow it.
            }
        }
    }
}
