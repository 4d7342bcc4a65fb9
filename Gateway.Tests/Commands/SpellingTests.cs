using CsCheck;
using Gateway.Core.Commands;

namespace Gateway.Tests.Commands;

public sealed class SpellingTests
{
    [Theory]
    [InlineData("kitten", "sitting", 3)]
    [InlineData("", "abc", 3)]
    [InlineData("zone", "zone", 0)]
    [InlineData("demo", "dmeo", 1)]
    public void The_distance_counts_changed_letters(string a, string b, int distance) => Assert.Equal(distance, Spelling.Distance(a, b));

    [Fact]
    public void The_distance_is_symmetric_and_at_most_the_longer_length() =>
        Gen.Select(Gen.String["abc"], Gen.String["abc"]).Sample((a, b) =>
            Spelling.Distance(a, b) == Spelling.Distance(b, a) &&
            Spelling.Distance(a, b) <= Math.Max(a.Length, b.Length) &&
            (Spelling.Distance(a, b) == 0) == (a == b));

    [Theory]
    [InlineData("ad", "add")] // One edit is always allowed.
    [InlineData("weigh", "weight")]
    [InlineData("wieht", null)] // Two in five letters are too many,
    [InlineData("wieghh", "weight")] // and in six are not.
    [InlineData("WEIGHT", "weight")]
    public void The_nearest_word_is_within_a_third_of_the_letters(string word, string? nearest) =>
        Assert.Equal(nearest, Spelling.Nearest(word, ["drain", "add", "weight"]));

    [Fact]
    public void Nothing_is_nearest_without_candidates() => Assert.Null(Spelling.Nearest("add", []));

    [Fact]
    public void A_word_far_from_all_has_no_nearest() => Assert.Null(Spelling.Nearest("port", ["zone", "listen-addr"]));
}
