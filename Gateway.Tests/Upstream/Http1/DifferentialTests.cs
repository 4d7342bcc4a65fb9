using CsCheck;

namespace Gateway.Tests.Upstream.Http1;

/// <summary>The same well-formed bytes through .NET's own client and through the codec are understood alike.</summary>
public sealed class DifferentialTests
{
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

    private static void AssertSame(ReadAnswer theirs, ReadAnswer? ours)
    {
        Assert.NotNull(ours);
        Assert.Equal((theirs.Status, theirs.Reason, theirs.Fields, theirs.Body), (ours.Status, ours.Reason, ours.Fields, ours.Body));
        Assert.Subset(ours.Trailers.ToHashSet(), theirs.Trailers.ToHashSet()); // It drops more of them than it must.
    }
}
