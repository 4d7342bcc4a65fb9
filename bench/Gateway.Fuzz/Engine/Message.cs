using System.Text;

namespace Gateway.Fuzz.Engine;

/// <summary>Builds messages: text, and bodies framed by a length, in chunks of any size, or by the end of the connection.</summary>
internal sealed class Message(Random random)
{
    private static readonly string[] Extensions = ["", "", "", ";a=b", ";", " ;x=\"y\""];
    private static readonly string[] Trailers = ["X-Sum: 7", "X-Other: a, b", "Content-Length: 3", "Transfer-Encoding: chunked", "Host: evil", "Connection: close", "X-Named: 1"];

    private readonly List<byte> _bytes = [];

    public byte[] Take()
    {
        byte[] taken = [.. _bytes];
        _bytes.Clear();
        return taken;
    }

    public Message Add(string text)
    {
        _bytes.AddRange(Encoding.Latin1.GetBytes(text));
        return this;
    }

    public void Add(ReadOnlySpan<byte> bytes) => _bytes.AddRange(bytes);

    public void AddChunked(ReadOnlySpan<byte> body)
    {
        while (!body.IsEmpty)
        {
            var part = random.Next(3) == 0 ? body.Length : random.Next(1, body.Length + 1);
            Add($"{(random.Next(8) == 0 ? "0" : "")}{part:x}{Extensions[random.Next(Extensions.Length)]}\r\n");
            Add(body[..part]);
            Add("\r\n");
            body = body[part..];
        }

        Add("0\r\n");
        for (var trailers = random.Next(4) == 0 ? random.Next(1, 4) : 0; trailers > 0; trailers--)
        {
            Add(Trailers[random.Next(Trailers.Length)]).Add("\r\n");
        }

        Add("\r\n");
    }

    /// <summary>The length of a body: mostly small, occasionally larger than any buffer.</summary>
    public int BodyLength() => random.Next(200) switch
    {
        0 => random.Next(60_000, 90_000),
        < 8 => random.Next(3_000, 20_000),
        < 60 => 0,
        _ => random.Next(1, 120),
    };
}
