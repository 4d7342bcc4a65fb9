using Gateway.Core.Commands;

namespace Gateway.Tests.Commands;

public sealed class HelpRequestTests
{
    [Theory]
    [InlineData("help", "")]
    [InlineData("?", "")]
    [InlineData("help gateway", "gateway")]
    [InlineData("? gateway drain", "gateway drain")]
    [InlineData("gateway help", "gateway")]
    [InlineData("gateway ?", "gateway")]
    [InlineData("gateway help drain", "gateway drain")]
    [InlineData("gateway drain help", "gateway drain")]
    [InlineData("gateway breaker open ?", "gateway breaker open")]
    public void Help_is_found_wherever_it_stands(string line, string on) => Assert.Equal(on, string.Join(' ', HelpRequest.On(CommandWords.Split(line))!.Value));

    [Theory]
    [InlineData("")]
    [InlineData("gateway")]
    [InlineData("gateway drain helper")]
    public void Other_lines_ask_for_none(string line) => Assert.Null(HelpRequest.On(CommandWords.Split(line)));
}
