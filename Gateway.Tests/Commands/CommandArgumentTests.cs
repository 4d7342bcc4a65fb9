using Gateway.Core.Commands;

namespace Gateway.Tests.Commands;

public sealed class CommandArgumentTests
{
    private readonly CommandArgument _argument = new("id", "-e", "Which.");

    [Fact]
    public void Brackets_show_what_may_be_left_out()
    {
        Assert.Equal("[-e id]", _argument.Usage);
        Assert.Equal("[-e id]...", (_argument with { Repeats = true }).Usage);
        Assert.Equal("[-e]", (_argument with { Flag = true }).Usage);
        Assert.Equal("-e <id>", (_argument with { Mandatory = true }).Usage);
        Assert.Equal("[id]", (_argument with { Positional = true }).Usage);
        Assert.Equal("<id>", (_argument with { Positional = true, Mandatory = true }).Usage);
    }

    [Fact]
    public void Any_value_is_allowed_unless_some_are_named() => Assert.Empty(_argument.Values);
}
