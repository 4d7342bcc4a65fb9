using System.Buffers;
using System.Text;

namespace Gateway.Tests.EndToEnd.Backends;

/// <summary>A request received by a <see cref="RawBackend"/>: recorded at its head; its body grows as it is read.</summary>
/// <param name="connection">The number of its connection at the backend, from 0.</param>
/// <param name="numberOnConnection">The number of the request on that connection, from 0.</param>
public sealed class RawRequest(RawHead head, int connection, int numberOnConnection)
{
    private readonly Lock _gate = new();
    private readonly ArrayBufferWriter<byte> _body = new();

    public RawHead Head { get; } = head;

    public int Connection { get; } = connection;

    public int NumberOnConnection { get; } = numberOnConnection;

    public string Method => Head.StartLine.Split(' ')[0];

    /// <summary>The request target as received.</summary>
    public string Target => Head.StartLine.Split(' ').ElementAtOrDefault(1) ?? "";

    /// <summary>The body, without framing, as far as the script has read it.</summary>
    public byte[] Body
    {
        get
        {
            lock (_gate)
            {
                return _body.WrittenSpan.ToArray();
            }
        }
    }

    /// <summary>The bytes of the body read so far.</summary>
    public int BodyLength
    {
        get
        {
            lock (_gate)
            {
                return _body.WrittenCount;
            }
        }
    }

    public string BodyText => Encoding.Latin1.GetString(Body);

    /// <summary>Whether the script has read the body to its end.</summary>
    public bool BodyWhole { get; private set; }

    /// <summary>Field lines after a chunked body, once the script has read it to its end.</summary>
    public IReadOnlyList<string> Trailers { get; private set; } = [];

    public override string ToString() => $"{Head.StartLine} ({Body.Length} bytes{(BodyWhole ? "" : " so far")})";

    internal void Arrived(ReadOnlyMemory<byte> part)
    {
        lock (_gate)
        {
            _body.Write(part.Span);
        }
    }

    internal void Ended(RawBody body) => (Trailers, BodyWhole) = (body.Trailers, body.Whole);
}
