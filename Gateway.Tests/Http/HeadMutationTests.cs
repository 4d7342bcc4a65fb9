using CsCheck;
using Gateway.Http;

namespace Gateway.Tests.Http;

/// <summary>A damaged head that is still accepted is valid by a second parser too.</summary>
public sealed class HeadMutationTests
{
    /// <summary>The building blocks of attacks.</summary>
    private static readonly Gen<byte[]> Splinter = Gen.OneOf(
        Gen.Byte.Select(b => new[] { b }),
        Gen.OneOf(
            "\r", "\n", "\r\n", "\n\n", "\r\r\n", " ", "\t", "\0", ":", " :", "\r\n ", "\r\n\t", ",", "HTTP/1.0", "Host: a/b\r\n", "Host: x\r\n", "Host: @\r\n",
            "Content-Length: 3\r\n", "Content-Length: 12, 13\r\n", "Content-Length: +4\r\n", "Content-Length:\r\n", "Content-Length : 4\r\n",
            "Transfer-Encoding: chunked\r\n", "Transfer-Encoding: gzip, chunked\r\n", "Transfer-Encoding : chunked\r\n", "Transfer-Encoding:\vchunked\r\n",
            "Content-Length: 18446744073709551617\r\n", "\u007f", "\r\n\r\n").Select(text => Heads.Bytes(text)));

    /// <summary>The offset, the number of bytes removed, and the replacement.</summary>
    private static readonly Gen<(int At, int Gone, byte[] New)[]> Damage =
        Gen.Select(Gen.Int[0, 1_000], Gen.Frequency((3, Gen.Const(0)), (1, Gen.Int[1, 4])), Splinter).Array[1, 3];

    [Fact]
    public void A_damaged_request_head_is_accepted_only_when_it_is_still_valid() =>
        Gen.Select(Heads.Request, Damage).Sample((valid, damage) =>
        {
            var bytes = Apply(valid, damage);
            var head = new RequestHead(HttpLimits.Default);
            if (head.Parse(bytes) == HeadState.Complete)
            {
                Assert.Equal("", StrictReading.OfRequest(bytes.AsSpan(0, head.Length)));
            }
        }, iter: 50_000);

    [Fact]
    public void A_damaged_response_head_is_accepted_only_when_it_is_still_valid() =>
        Gen.Select(Heads.Response, Damage).Sample((valid, damage) =>
        {
            var bytes = Apply(valid, damage);
            var head = new ResponseHead(HttpLimits.Default);
            if (head.Parse(bytes) == HeadState.Complete)
            {
                Assert.Equal("", StrictReading.OfResponse(bytes.AsSpan(0, head.Length)));
            }
        }, iter: 50_000);

    [Fact]
    public void The_second_reading_accepts_what_is_valid()
    {
        Heads.Request.Sample(bytes => Assert.Equal("", StrictReading.OfRequest(bytes)));
        Heads.Response.Sample(bytes => Assert.Equal("", StrictReading.OfResponse(bytes)));
    }

    /// <summary>More bytes do not make a refused head valid: a fault may be reported before the head is complete.</summary>
    [Fact]
    public void A_head_that_is_refused_in_part_is_refused_as_a_whole() =>
        Gen.Select(Heads.Request, Damage, Gen.Int[0, 200]).Sample((valid, damage, cut) =>
        {
            var bytes = Apply(valid, damage);
            var head = new RequestHead(HttpLimits.Default);
            if (head.Parse(bytes.AsSpan(0, cut % (bytes.Length + 1))) == HeadState.Faulty)
            {
                Assert.Equal(HeadState.Faulty, head.Parse(bytes));
            }
        }, iter: 20_000);

    private static byte[] Apply(byte[] valid, (int At, int Gone, byte[] New)[] damage)
    {
        var bytes = valid.ToList();
        foreach (var (place, gone, splinter) in damage)
        {
            var at = place % (bytes.Count + 1);
            bytes.RemoveRange(at, Math.Min(gone, bytes.Count - at));
            bytes.InsertRange(at, splinter);
        }

        return [.. bytes];
    }
}
