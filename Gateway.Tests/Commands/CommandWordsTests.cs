using Gateway.Core.Commands;

namespace Gateway.Tests.Commands;

public sealed class CommandWordsTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("  gateway   endpoints ", "gateway|endpoints")]
    [InlineData("log tail\t-n 5", "log|tail|-n|5")]
    [InlineData("a \"b c\" 'd \"e'", "a|b c|d \"e")]
    [InlineData("a b\"c d\"e", "a|bc de")]
    [InlineData("a ''", "a|")]
    [InlineData("a 'unfinished b", "a|unfinished b")]
    public void A_line_is_taken_apart(string line, string words) => Assert.Equal(words, string.Join('|', CommandWords.Split(line)));
}
