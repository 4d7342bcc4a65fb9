using System.Text;
using CsCheck;
using Gateway.Http;

namespace Gateway.Tests.Http;

public sealed class ChunkedBodyPropertyTests
{
    private static readonly Gen<string> Extension = Gen.OneOf("", ";a", ";a=b;c=\"d e\"", " ; x", "\t;y=1");

    private static readonly Gen<string> Size = Gen.OneOf("x", "X", "x4", "X8");

    private static readonly Gen<string> Trailers =
        Gen.OneOf("X-Sum: 1\r\n", "a:\r\n", "ETag: \"b\"\r\n", "X-B: \t c d \r\n").Array[0, 4].Select(string.Concat);

    /// <summary>A body in its framing, and its payload.</summary>
    private static readonly Gen<(string Framed, string Payload)> Body = Gen.Select(
        Gen.Select(Gen.Char["ab\r\n0;:\u00ff"].Array[1, 40].Select(c => new string(c)), Size, Extension).Array[0, 6], Extension, Trailers,
        (chunks, last, trailers) =>
        {
            var framed = new StringBuilder();
            foreach (var (payload, size, extension) in chunks)
            {
                framed.Append(payload.Length.ToString(size)).Append(extension).Append("\r\n").Append(payload).Append("\r\n");
            }

            return (framed.Append('0').Append(last).Append("\r\n").Append(trailers).Append("\r\n").ToString(), string.Concat(chunks.Select(c => c.Item1)));
        });

    private static readonly Gen<string> Rest = Gen.OneOf("", "\r\n", "0\r\n\r\n", "GET / HTTP/1.1\r\n", "X: y\r\n\r\n");

    [Fact]
    public void However_it_is_cut_the_end_is_the_same_and_what_follows_is_not_taken() =>
        Gen.Select(Body, Rest, Gen.Int[1, 12].Array[1, 20]).Sample((body, rest, steps) =>
        {
            var bytes = Heads.Bytes(body.Framed, rest);
            var expected = new ReadBody(HttpFault.None, true, body.Framed.Length, body.Payload.Length);
            Assert.Equal(expected, ReadBody.Chunked(bytes, [bytes.Length]));
            Assert.Equal(expected, ReadBody.Chunked(bytes, steps));
            Assert.Equal(expected, ReadBody.Chunked(bytes, [1]));
        }, iter: 10_000);

    [Fact]
    public void Taken_chunk_by_chunk_it_is_the_payload() =>
        Gen.Select(Body, Rest, Gen.Int[1, 50]).Sample((body, rest, step) =>
            Assert.Equal((HttpFault.None, true, body.Framed.Length, body.Payload), ReadBody.ByChunk(body.Framed + rest, step)));

    [Fact]
    public void No_part_of_it_is_refused_or_taken_for_the_whole() =>
        Gen.Select(Body, Gen.Int[0, 500], Gen.Int[1, 12].Array[1, 5]).Sample((body, cut, steps) =>
        {
            var part = Heads.Bytes(body.Framed).AsSpan(0, cut % body.Framed.Length).ToArray();
            var read = ReadBody.Chunked(part, steps);
            Assert.Equal((HttpFault.None, false), (read.Fault, read.IsDone));
        });

    [Fact]
    public void Damaged_it_is_understood_the_same_however_it_is_cut() =>
        Gen.Select(Body, Gen.Int[0, 500], Gen.Char["\r\n0aF;: \t\0x"], Gen.Int[1, 12].Array[1, 10], Gen.Bool).Sample((body, place, other, steps, inserts) =>
        {
            var at = place % body.Framed.Length;
            var bytes = Heads.Bytes(body.Framed[..at], other.ToString(), body.Framed[(at + (inserts ? 0 : 1))..], "GET / HTTP/1.1\r\n");
            Assert.Equal(ReadBody.Chunked(bytes, [bytes.Length]), ReadBody.Chunked(bytes, steps));
            Assert.Equal(ReadBody.Chunked(bytes, [bytes.Length]), ReadBody.Chunked(bytes, [1]));
        }, iter: 20_000);
}
