using System.Buffers.Text;
using Gateway.Http;

namespace Gateway.Node.Engine;

/// <summary>Receiving: heads in one piece, bodies as they arrive, and unwanted data.</summary>
internal sealed partial class BackendConnection
{
    public void OnReceived(ReadOnlySpan<byte> bytes)
    {
        if (_draining)
        {
            TakeDrained(bytes);
            return;
        }

        if (_user is not { } user)
        {
            if (IsIdle)
            {
                CloseIdle(); // Nothing was requested.
            }

            return;
        }

        HasReceived = true;
        if (_headDone)
        {
            user.OnAnswerBytes(bytes);
            return;
        }

        ParseHead(user, bytes);
    }

    private void ParseHead(IBackendUser user, ReadOnlySpan<byte> bytes)
    {
        var stashed = _stash is not null;
        if (stashed)
        {
            Stash(bytes);
            bytes = _stash!.Used;
        }

        var head = pool.Loop.Answer;
        while (true)
        {
            switch (head.Parse(bytes))
            {
                case HeadState.Incomplete:
                    KeepRest(bytes, stashed);
                    return;
                case HeadState.Faulty:
                    user.OnMalformed(head.Fault);
                    return;
                default:
                    break;
            }

            if (!head.IsInterim)
            {
                break;
            }

            if (!user.OnInterim(head, bytes[..head.Length]))
            {
                return;
            }

            bytes = bytes[head.Length..];
            if (bytes.IsEmpty)
            {
                FreeStash();
                return;
            }
        }

        _headDone = true;
        var stash = _stash;
        _stash = null;
        user.OnHead(head, bytes[..head.Length], bytes[head.Length..]);
        if (stash is not null)
        {
            pool.Loop.Wire.Blocks.Return(stash);
        }
    }

    private void KeepRest(ReadOnlySpan<byte> rest, bool stashed)
    {
        if (stashed)
        {
            _stash!.Start = _stash.End - rest.Length;
        }
        else if (!rest.IsEmpty)
        {
            Stash(rest);
        }
    }

    /// <summary>Keeps the part of a head received so far: heads are parsed in one piece.</summary>
    private void Stash(ReadOnlySpan<byte> bytes) => _stash = pool.Loop.Wire.Blocks.Append(_stash, bytes);

    private void FreeStash()
    {
        if (_stash is { } stash)
        {
            _stash = null;
            pool.Loop.Wire.Blocks.Return(stash);
        }
    }

    private void TakeDrained(ReadOnlySpan<byte> bytes)
    {
        var taken = _drained.Take(bytes);
        if (_drained.IsAtTrailers)
        {
            taken += _drained.TakeTrailers(bytes[taken..]);
        }

        if (_drained.Fault != HttpFault.None || taken < bytes.Length || (!_drained.IsDone && _drained.Payload > MaxDrained))
        {
            CloseReleasing();
        }
        else if (_drained.IsDone)
        {
            (_draining, Deadline) = (false, 0);
            Return(_policy, -1);
        }
    }

    /// <summary>The milliseconds of <c>Keep-Alive: timeout=N</c>; -1 if absent.</summary>
    public static long KeptFor(ResponseHead head, ReadOnlySpan<byte> bytes)
    {
        if (head.Fields.IndexOf(FieldName.KeepAlive) is >= 0 and var i)
        {
            var value = head.Fields.All[i].ValueIn(bytes);
            var at = value.IndexOf("timeout="u8);
            if (at >= 0 && Utf8Parser.TryParse(value[(at + 8)..], out int seconds, out _) && seconds >= 0)
            {
                return 1000L * seconds;
            }
        }

        return -1;
    }
}
