using System.Collections.Immutable;
using Gateway.Cli.Shell;

namespace Gateway.Tests.Cli.Shell;

/// <summary>Typing at the prompt.</summary>
public sealed class LineReaderTests : IDisposable
{
    private readonly ScriptedTerminal _terminal = new();

    public void Dispose() => _terminal.Dispose();

    [Fact]
    public async Task Typed_characters_are_read() => Assert.Equal(["gateway status", null], await ReadAsync(_terminal.Type("gateway status", ConsoleKey.Enter)));

    [Fact]
    public async Task Keys_edit_the_line()
    {
        _terminal.Type("xbd", ConsoleKey.LeftArrow).Type("c", ConsoleKey.Home, ConsoleKey.Delete).Type("a", ConsoleKey.End).Type("ef", ConsoleKey.Backspace, ConsoleKey.Enter);
        Assert.Equal("abcde", (await ReadAsync(_terminal))[0]);
    }

    [Theory]
    [InlineData(ConsoleKey.W, "one ")]
    [InlineData(ConsoleKey.U, "")]
    [InlineData(ConsoleKey.C, "")]
    public async Task Control_keys_remove_a_word_or_all(ConsoleKey key, string left)
    {
        _terminal.Type("one two").Control(key).Type("", ConsoleKey.Enter);
        Assert.Equal(left, (await ReadAsync(_terminal))[0]);
    }

    [Fact]
    public async Task Arrows_go_through_the_lines_before_and_back_to_what_was_typed()
    {
        _terminal.Type("one", ConsoleKey.Enter).Type("two", ConsoleKey.Enter);
        _terminal.Type("th", ConsoleKey.UpArrow, ConsoleKey.UpArrow, ConsoleKey.UpArrow, ConsoleKey.Enter);
        _terminal.Type("th", ConsoleKey.UpArrow, ConsoleKey.DownArrow).Type("ree", ConsoleKey.Enter);
        Assert.Equal(["one", "two", "one", "three", null], await ReadAsync(_terminal));
    }

    [Fact]
    public async Task Tab_completes_a_word_that_can_be_only_one()
    {
        _terminal.Type("gateway st", ConsoleKey.Tab, ConsoleKey.Enter);
        Assert.Equal("gateway status ", (await ReadAsync(_terminal, "status"))[0]);
    }

    [Fact]
    public async Task Tab_goes_as_far_as_all_agree_and_then_lists_them()
    {
        _terminal.Type("e", ConsoleKey.Tab, ConsoleKey.Tab, ConsoleKey.Enter);
        Assert.Equal("endpoint", (await ReadAsync(_terminal, "endpoint", "endpoints"))[0]);
        Assert.Contains("endpoint  endpoints", _terminal.Shown, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_line_longer_than_the_terminal_shows_the_part_at_the_cursor()
    {
        using var terminal = new ScriptedTerminal { Width = 20 };
        terminal.Type(new string('a', 30) + "END", ConsoleKey.Enter);
        await ReadAsync(terminal);
        Assert.Contains("\r> " + new string('a', 14) + "END\u001b[K", terminal.Shown, StringComparison.Ordinal);
    }

    private static async Task<List<string?>> ReadAsync(ScriptedTerminal terminal, params string[] offers)
    {
        var reader = new LineReader(terminal, "> ", _ => Task.FromResult(offers.ToImmutableArray()));
        List<string?> lines = [];
        do
        {
            lines.Add(await reader.ReadAsync());
        }
        while (lines[^1] is not null && lines.Count < 10);

        return lines;
    }
}
