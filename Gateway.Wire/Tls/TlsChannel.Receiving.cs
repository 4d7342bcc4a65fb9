using System.Runtime.ExceptionServices;

namespace Gateway.Wire.Tls;

/// <summary>Receiving: the handshake's messages, then data, as many records at once as there are.</summary>
public sealed unsafe partial class TlsChannel
{
    /// <summary>
    /// The most KeyUpdates at once; afterwards one more per <see cref="MessageMilliseconds"/>. Peers update their keys after millions of records. A peer that
    /// sends more is disconnected, which also bounds OpenSSL's replies to them.
    /// </summary>
    private const int MaxMessages = 32;

    private const int MessageMilliseconds = 1000;

    private const int ProtocolError = 71; // EPROTO

    /// <summary>An upper bound of the bytes that a server sends before its certificate and signature: a HelloRetryRequest.</summary>
    private const int MaxWithoutCertificate = 400;

    private int _messagesLeft = MaxMessages;
    private long _messagesAt;

    private void Take(ReadOnlySpan<byte> bytes)
    {
        if (_closed || _ended)
        {
            return;
        }

        HasReceived = true;
        if (!_isEstablished && !_waitsForTurn && !(_isNearlyDone ? _buffers.Turns.Take(Loop) : _buffers.Turns.TryTake(Loop)))
        {
            _waitsForTurn = true;
            _inner.Pause();
            _buffers.Turns.WaitFor(this);
        }

        var taken = _paused || _waitsForTurn || !_held.IsEmpty ? 0 : Decrypt(bytes);
        if (taken < bytes.Length && !_closed && !_ended)
        {
            _held.Append(Loop.Blocks, bytes[taken..]);
        }
    }

    /// <summary>Passes input to OpenSSL; returns the number of bytes read. All, unless the channel is paused or over.</summary>
    private int Decrypt(ReadOnlySpan<byte> bytes)
    {
        fixed (byte* begin = bytes)
        {
            var at = begin;
            var end = begin + bytes.Length;
            if (!_isEstablished)
            {
                _buffers.SetInput(at, end);
                ContinueHandshake();
                _buffers.Turns.Spent(Loop);
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

    private void ContinueHandshake()
    {
        int error;
        do
        {
            LibSsl.ClearErrors();
            TlsCallbacks.Enter(_policy);
            var result = LibSsl.Handshake(_session);
            error = result == 1 ? LibSsl.ErrorNone : LibSsl.ErrorOf(_session, result);
            if (TlsCallbacks.Leave() is { } fault)
            {
                (Failure, FailureText) = (TlsFailure.Protocol, fault.Message);
                Flush(); // The alert.
                Break();
                ExceptionDispatchInfo.Throw(fault); // The loop reports it, and its channel is closed by now.
            }

            if (error == LibSsl.ErrorFatal)
            {
                (Failure, FailureText) = (LibSsl.FirstReason == LibSsl.ReasonNoCertificate ? TlsFailure.NoCertificate : TlsFailure.Protocol, LibSsl.FirstReasonText);
            }

            _hasSigned |= _buffers.OutputLength > MaxWithoutCertificate;
            Flush();
        }
        while (error == LibSsl.ErrorWantWrite && !_closed);

        if (_closed)
        {
            return; // The inner channel could not send, and has reported it already.
        }

        if (error == LibSsl.ErrorNone)
        {
            Establish();
        }
        else if (error == LibSsl.ErrorWantRead)
        {
            _isNearlyDone = _hasSigned && _policy!.Demand == CertificateDemand.None;
        }
        else
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
        _buffers.CountMessages(_session);
    }

    /// <summary>Decrypts records until there are no more, or no more room, and passes their data on. Returns the end of the input read.</summary>
    private byte* Receive(byte* at, byte* end)
    {
        var (filled, error) = (0, LibSsl.ErrorNone);
        _buffers.MessagesLeft = MessagesAllowed();
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
            while (error == LibSsl.ErrorNone && at < end && _buffers.Received.Length - filled >= TlsBuffers.Record); // A record is read whole.
        }

        _messagesLeft = _buffers.MessagesLeft;
        if (_messagesLeft < 0)
        {
            error = LibSsl.ErrorFatal;
        }

        Flush();
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
            (_ended, _isEndPending) = (true, _paused);
            if (!_paused)
            {
                Handler.OnEnd();
            }
        }
        else
        {
            Break();
        }

        return end;
    }

    /// <summary>The number of KeyUpdates allowed now.</summary>
    private int MessagesAllowed()
    {
        if (_messagesLeft < MaxMessages && (Loop.Now - _messagesAt) / MessageMilliseconds is var earned and > 0)
        {
            (_messagesLeft, _messagesAt) = ((int)Math.Min(_messagesLeft + earned, MaxMessages), Loop.Now);
        }

        return _messagesLeft;
    }

    /// <summary>Ends a session that OpenSSL considers over; its output has been sent.</summary>
    private void Break()
    {
        _isBroken = true;
        Fail(ProtocolError);
    }

    /// <summary>Resumes receiving; kept input comes first, in the loop's next turn, not within the call that resumes.</summary>
    private void ContinueReceiving()
    {
        if (_held.IsEmpty && !_isEndPending)
        {
            _inner.Resume();
        }
        else if (!_isDeliveryPosted)
        {
            _isDeliveryPosted = true;
            Loop.Post(() => Loop.Guard(static (channel, _) => channel.DeliverHeld(), this, 0));
        }
    }

    /// <summary>Called at its turn to continue the handshake.</summary>
    internal void TakeTurn()
    {
        _waitsForTurn = false;
        DeliverHeld();
    }

    private void DeliverHeld()
    {
        _isDeliveryPosted = false;
        if (_waitsForTurn)
        {
            return; // It continues then.
        }

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
            _held.Clear(Loop.Blocks); // Only data after the peer's end is left, which is not read.
            _inner.Resume();
            if (_isEndPending)
            {
                _isEndPending = false;
                Handler.OnEnd();
            }
        }
    }
}
