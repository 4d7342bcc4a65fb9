using Gateway.Http;

namespace Gateway.Fuzz.Engine;

/// <summary>Reads the body of a message as it arrives, and compares it with its head.</summary>
internal sealed class BodyCheck
{
    private static readonly string[] NeverTrailers = ["content-length:", "transfer-encoding:", "host:", "connection:"];

    private readonly List<byte> _section = [];
    private BodyReader _body;
    private HeadFields _fields;

    public bool IsDone => _body.IsDone;

    public void Begin(BodyReader body, HeadFields fields)
    {
        (_body, _fields) = (body, fields);
        _section.Clear();
    }

    /// <summary>Takes the bytes of the body; returns their number.</summary>
    /// <param name="who">The message's owner, for error messages.</param>
    public int Take(ReadOnlySpan<byte> bytes, string who)
    {
        var taken = 0;
        while (taken < bytes.Length && !_body.IsDone && !_body.IsAtTrailers && _body.Fault == HttpFault.None)
        {
            var before = _body.Payload;
            ReadOnlySpan<byte> payload;
            if (_body.Kind == BodyKind.Chunked)
            {
                taken += _body.TakeChunk(bytes[taken..], out payload);
            }
            else
            {
                var part = _body.Take(bytes[taken..]);
                payload = bytes.Slice(taken, part);
                taken += part;
            }

            if (_fields.IsPlain && !Identity.IsBody(_fields.Id, before, payload))
            {
                throw new ScriptException($"{who}: the body of {_fields.Id} differs at offset {before}");
            }
        }

        if (_body.IsAtTrailers)
        {
            var part = _body.TakeTrailers(bytes[taken..]);
            _section.AddRange(bytes.Slice(taken, part));
            taken += part;
        }

        if (_body.Fault != HttpFault.None)
        {
            throw new ScriptException($"{who}: invalid framing of the body: {_body.Fault}");
        }

        if (_body.IsDone)
        {
            Judge(who);
        }

        return taken;
    }

    public void End(string who)
    {
        if (_body.End())
        {
            Judge(who);
        }
    }

    private void Judge(string who)
    {
        if (_fields.IsPlain && _body.Kind != BodyKind.UntilClose && _body.Payload != _fields.Length)
        {
            throw new ScriptException($"{who}: the body of {_fields.Id} has {_body.Payload} bytes instead of {_fields.Length}");
        }

        foreach (var line in System.Text.Encoding.Latin1.GetString([.. _section]).Split("\r\n"))
        {
            if (NeverTrailers.Any(name => line.StartsWith(name, StringComparison.OrdinalIgnoreCase)))
            {
                throw new ScriptException($"{who}: unexpected trailer: {line}");
            }
        }
    }
}
