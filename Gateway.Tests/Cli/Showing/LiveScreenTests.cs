using Gateway.Cli.Showing;
using Gateway.Core.Commands;

namespace Gateway.Tests.Cli.Showing;

/// <summary>Frames in place: the output to a terminal.</summary>
public sealed class LiveScreenTests : IDisposable
{
    private readonly StringWriter _writer = new() { NewLine = "\n" };

    public void Dispose() => _writer.Dispose();

    [Fact]
    public void A_frame_is_on_the_alternate_screen_and_the_last_one_stays_when_it_is_left()
    {
        using (var printer = new TextPrinter(_writer, colors: false, new LiveScreen(_writer, () => 25)))
        {
            Show(printer, "first");
            Show(printer, "second");
        }

        var shown = _writer.ToString();
        var (enters, leaves) = (shown.IndexOf("\u001b[?1049h", StringComparison.Ordinal), shown.IndexOf("\u001b[?1049l", StringComparison.Ordinal));
        Assert.InRange(shown.IndexOf("first", StringComparison.Ordinal), enters, leaves);
        Assert.InRange(shown.IndexOf("second", StringComparison.Ordinal), enters, leaves);
        Assert.Equal("NAME\nsecond\n\n", shown[(leaves + "\u001b[?1049l".Length)..]);
    }

    [Fact]
    public void Rows_that_do_not_fit_are_counted()
    {
        using var screen = new LiveScreen(_writer, () => 5);
        screen.BeginFrame();
        screen.Write(["one", "two"]);
        screen.Write(["three", "four", "five"]);
        Assert.Contains("two\u001b[K\n", _writer.ToString(), StringComparison.Ordinal);
        Assert.Contains("three\u001b[K\n... 2 more lines do not fit", _writer.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_command_without_frames_leaves_the_screen_alone()
    {
        using (var printer = new TextPrinter(_writer, colors: false, new LiveScreen(_writer, () => 25)))
        {
            printer.Show(new CommandOutput.Line("hello"));
        }

        Assert.Equal("hello\n", _writer.ToString());
    }

    private static void Show(TextPrinter printer, string cell)
    {
        printer.Show(new CommandOutput.Frame());
        printer.Show(new CommandOutput.Table([new("name", "NAME")]));
        printer.Show(new CommandOutput.Row([cell]));
        printer.Show(new CommandOutput.Line(""));
    }
}
