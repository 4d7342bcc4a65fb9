using CsCheck;
using Gateway.Fuzz;
using Gateway.Upstream.Http1;

namespace Gateway.Tests.Upstream.Http1;

/// <summary>The same well-formed bytes through .NET's own client and through the codec are understood alike.</summary>
public sealed class DifferentialTests
{
    /// <summary>What .NET's client takes and the codec does not, and why.</summary>
    private static readonly Dictionary<CodecFault, string> Laxities = new()
    {
        [CodecFault.BareLineFeed] = "RFC 9112 2.2 lets a recipient take one for the end of a line; another on the way may not",
        [CodecFault.BareCarriageReturn] = "it is passed on within a value, where another reader ends the line",
        [CodecFault.Nul] = "RFC 9110 5.5 has a recipient reject or replace it",
        [CodecFault.ControlByte] = "no value may have one, RFC 9110 5.5",
        [CodecFault.FoldedLine] = "RFC 9112 5.2 lets a proxy refuse it, which is the one reading that nobody can get wrong",
        [CodecFault.SpaceBeforeColon] = "RFC 9112 5.1 has a proxy remove it; the semantics page has it refused",
        [CodecFault.BadFieldName] = "it does not look at the names of early hints and of trailers that it drops",
        [CodecFault.TooManyFields] = "it counts bytes alone",
        [CodecFault.BadContentLength] = "it reads on to the end of the connection instead",
        [CodecFault.DifferingContentLengths] = "it takes the first",
        [CodecFault.LengthWithCoding] = "it believes the coding, another reader the length",
        [CodecFault.UnknownCoding] = "it takes any for none, and what is not chunked as long as the connection lasts",
        [CodecFault.CodingInHttp10] = "RFC 9112 6.1 has it treated as faulty framing",
        [CodecFault.BadStatusLine] = "it takes 0 to 99 for a status",
        [CodecFault.ChunkExtensionTooLong] = "its limit is another",
        [CodecFault.BadChunkSize] = "it takes a bare line feed after the size, and white space without an extension",
        [CodecFault.BadChunkEnd] = "it takes a bare line feed after the payload",
        [CodecFault.TrailersTooLarge] = "its limit is that of heads",
    };

    [Fact]
    public async Task Well_formed_answers_are_understood_alike()
    {
        using var client = DotNetClient.New();
        await Gen.Select(Generated.Answer, Gen.OneOf(1, 7, 1 << 16)).SampleAsync(
            async (answer, step) =>
            {
                var bytes = Generated.Bytes(answer);
                var theirs = await ReadAnswer.ByDotNetAsync(client, bytes, step, requestIsHead: false);
                Assert.NotNull(theirs);
                AssertSame(theirs, ReadAnswer.ByCodec(bytes, requestIsHead: false, out _));
            },
            iter: 500);
    }

    /// <summary>
    /// Broken ones too: what both take, both take alike, and what only .NET takes is on the list. What only the codec takes goes unsaid: the
    /// two need not be strict about the same.
    /// </summary>
    [Fact]
    public async Task Broken_answers_that_both_take_are_understood_alike()
    {
        using var client = DotNetClient.New();
        await Gen.Select(Gen.Int, Gen.OneOf(1, 7, 1 << 16), Gen.Bool).SampleAsync(
            async (seed, step, requestIsHead) =>
            {
                var bytes = new Mutator(new Random(seed)).Mutate(Corpus.Answers);
                var theirs = await ReadAnswer.ByDotNetAsync(client, bytes, step, requestIsHead);
                var ours = ReadAnswer.ByCodec(bytes, requestIsHead, out var fault);
                if (theirs is { SaysLengthTwice: true } or { Status: 101 })
                {
                    // A length said twice it takes for none, and reads to the end of the connection; RFC 9112 6.3 has it refused, or taken for
                    // one. What follows 101 is not HTTP, and the transport refuses it.
                    return;
                }

                if (theirs is not null && ours is not null)
                {
                    AssertSame(theirs, ours);
                }
                else if (theirs is not null)
                {
                    Assert.True(Laxities.ContainsKey(fault), $"{fault} in {Generated.Latin1(bytes)}");
                }
            },
            iter: 10_000);
    }

    private static void AssertSame(ReadAnswer theirs, ReadAnswer? ours)
    {
        Assert.NotNull(ours);
        Assert.Equal((theirs.Status, theirs.Reason, theirs.Fields, theirs.Body), (ours.Status, ours.Reason, ours.Fields, ours.Body));
        Assert.Subset(ours.Trailers.ToHashSet(), theirs.Trailers.ToHashSet()); // It drops more of them than it must.
    }
}
