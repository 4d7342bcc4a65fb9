using System.Text;
using Gateway.Http;

namespace Gateway.Tests.Http;

/// <summary>The result of reading a chunked body the way a connection does: bytes that are not taken are passed again with the next ones.</summary>
internal sealed record ReadBody(HttpFault Fault, bool IsDone, int Taken, long Payload)
{
    public static ReadBody Chunked(string body, HttpLimits? limits = null, int step = int.MaxValue)
    {
        var bytes = Heads.Bytes(body);
        return Chunked(bytes, [.. Enumerable.Repeat(Math.Min(step, bytes.Length), bytes.Length)], limits);
    }

    /// <param name="steps">The numbers of bytes received at a time, in turn.</param>
    public static ReadBody Chunked(byte[] bytes, int[] steps, HttpLimits? limits = null)
    {
        var reader = BodyReader.Chunked(limits ?? HttpLimits.Default);
        var (taken, come) = (0, 0);
        for (var i = 0; come < bytes.Length && !reader.IsDone && reader.Fault == HttpFault.None; i++)
        {
            come = Math.Min(bytes.Length, come + steps[i % steps.Length]);
            taken += reader.Take(bytes.AsSpan(taken, come - taken));
            if (reader.IsAtTrailers)
            {
                taken += reader.TakeTrailers(bytes.AsSpan(taken, come - taken));
            }
        }

        return new(reader.Fault, reader.IsDone, taken, (int)reader.Payload);
    }

    /// <summary>The same, read chunk by chunk without framing; the payload is what was returned.</summary>
    public static (HttpFault Fault, bool IsDone, int Taken, string Payload) ByChunk(string body, int step = int.MaxValue)
    {
        var reader = BodyReader.Chunked(HttpLimits.Default);
        var bytes = Heads.Bytes(body);
        var payload = new StringBuilder();
        var taken = 0;
        while (taken < bytes.Length && !reader.IsDone && reader.Fault == HttpFault.None)
        {
            var piece = bytes.AsSpan(taken, Math.Min(step, bytes.Length - taken));
            if (reader.IsAtTrailers)
            {
                taken += reader.TakeTrailers(piece);
                continue;
            }

            taken += reader.TakeChunk(piece, out var part);
            payload.Append(Encoding.Latin1.GetString(part));
        }

        return (reader.Fault, reader.IsDone, taken, payload.ToString());
    }
}
