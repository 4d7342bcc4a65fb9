namespace Gateway.Wire.Tls;

/// <summary>Receiving: the handshake's messages, then what was sent, as many records at once as there are.</summary>
public sealed unsafe partial class TlsChannel
{
    /// <summary>What OpenSSL may have answered by itself and the peer has not taken, in bytes. Who has it answer and takes nothing is cut off.</summary>
    private const int MostAnswers = 256 * 1024;

    private const int ProtocolError = 71; // EPROTO

    private void Take(ReadOnlySpan<byte> bytes)
    {
        if (_closed || _ended)
        {
            return;
        }

        var taken = _paused || !_held.IsEmpty ? 0 : Decrypt(bytes);
        if (taken < bytes.Length && !_closed && !_ended)
        {
            _held.Append(Loop.Blocks, bytes[taken..]);
        }
    }

    /// <summary>Has OpenSSL read; answers how much it has. All, unless the channel is paused, or over.</summary>
    private int Decrypt(ReadOnlySpan<byte> bytes)
    {
        fixed (byte* begin = bytes)
        {
            var at = begin;
            var end = begin + bytes.Length;
            if (!_isEstablished)
            {
                _buffers.SetInput(at, end);
                ShakeHands();
                at = _buffers.InputAt;
                if (_isEstablished && !_closed)
                {
                    Handler.OnConnected();
                }
            }

            while (at < end && _isEstablished && !_closed && !_paused && !_ended)
            {
                at = Receive(at, end);
            }

            return (int)(at - begin);
        }
    }

    private void ShakeHands()
    {
        int error;
        do
        {
            LibSsl.ClearErrors();
            TlsCallbacks.Enter(_policy);
            var result = LibSsl.Handshake(_session);
            error = result == 1 ? LibSsl.ErrorNone : LibSsl.ErrorOf(_session, result);
            TlsCallbacks.Enter(null);
            if (error == LibSsl.ErrorFatal)
            {
                (Failure, FailureText) = (LibSsl.FirstReason == LibSsl.ReasonNoCertificate ? TlsFailure.NoCertificate : TlsFailure.Protocol, LibSsl.FirstReasonText);
            }

            Flush();
        }
        while (error == LibSsl.ErrorWantWrite && !_closed);

        if (_closed)
        {
            return; // What carries it could not send, and has said so at once.
        }

        if (error == LibSsl.ErrorNone)
        {
            Establish();
        }
        else if (error != LibSsl.ErrorWantRead)
        {
            Failure = Failure == TlsFailure.None ? TlsFailure.Protocol : Failure;
            Break();
        }
    }

    private void Establish()
    {
        byte* protocol;
        uint length;
        LibSsl.GetProtocol(_session, &protocol, &length);
        (_isEstablished, _policy) = (true, null);
        IsHttp2 = length > 0 && new ReadOnlySpan<byte>(protocol, (int)length).SequenceEqual("h2"u8);
        IsTls13 = LibSsl.Version(_session) >= LibSsl.Tls13;
        IsResumed = LibSsl.IsResumed(_session) == 1;
    }

    /// <summary>Decrypts records until there are no more, or no more room; hands on what they carry. Answers up to where they were read.</summary>
    private byte* Receive(byte* at, byte* end)
    {
        var (filled, error) = (0, LibSsl.ErrorNone);
        fixed (byte* room = _buffers.Received)
        {
            do
            {
                LibSsl.ClearErrors();
                _buffers.SetInput(at, end);
                var result = LibSsl.Read(_session, room + filled, _buffers.Received.Length - filled);
                at = _buffers.InputAt;
                if (result > 0)
                {
                    filled += result;
                }
                else
                {
                    error = LibSsl.ErrorOf(_session, result);
                }
            }
            while (error == LibSsl.ErrorNone && at < end && _buffers.Received.Length - filled >= TlsBuffers.Record); // A record is taken whole: none is left with OpenSSL.
        }

        if (_buffers.OutputLength > 0)
        {
            Flush();
            if (_inner.Backlog > MostAnswers)
            {
                error = LibSsl.ErrorFatal;
            }
        }

        if (filled > 0 && !_closed)
        {
            Handler.OnReceived(_buffers.Received[..filled]);
        }

        if (_closed || error is LibSsl.ErrorNone or LibSsl.ErrorWantRead or LibSsl.ErrorWantWrite)
        {
            return at;
        }

        if (error == LibSsl.ErrorEnd)
        {
            _ended = true;
            Handler.OnEnd();
        }
        else
        {
            Break();
        }

        return end;
    }

    /// <summary>OpenSSL takes the session for over; what it had to say has been sent.</summary>
    private void Break()
    {
        _isBroken = true;
        Fail(ProtocolError);
    }

    /// <summary>Goes on with receiving; what was kept comes first, by the loop's next turn: not from within the call that resumes.</summary>
    private void GoOn()
    {
        if (_held.IsEmpty)
        {
            _inner.Resume();
        }
        else if (!_heldIsAsked)
        {
            _heldIsAsked = true;
            Loop.Post(() => Loop.Guard(static (channel, _) => channel.TellHeld(), this, 0));
        }
    }

    private void TellHeld()
    {
        _heldIsAsked = false;
        while (!_closed && !_paused && !_ended && _held.First is { } block)
        {
            var taken = Decrypt(block.Used);
            if (!_closed)
            {
                _held.Consume(Loop.Blocks, taken);
            }
        }

        if (!_closed && !_paused)
        {
            _held.Clear(Loop.Blocks); // Only after the peer's end is there something left, which nobody reads.
            _inner.Resume();
        }
    }
}
