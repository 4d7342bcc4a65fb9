using Gateway.Core.Commands;

namespace Gateway.Cli.Showing;

/// <summary>
/// Shows lines and aligned tables. Frames replace each other on a <see cref="LiveScreen"/>, if there is one; otherwise an empty line separates them.
/// </summary>
/// <param name="screen">Shows frames; null: one below the other.</param>
internal sealed class TextPrinter(TextWriter writer, bool colors, LiveScreen? screen) : IPrinter
{
    private readonly OutputText _text = new(colors ? Palette.Paint : null);
    private bool _framed;

    public void Show(CommandOutput output)
    {
        Write([.. _text.Add(output)]);
        if (output is CommandOutput.Frame)
        {
            if (screen is not null)
            {
                screen.BeginFrame();
            }
            else if (_framed)
            {
                writer.WriteLine();
            }

            _framed = true;
        }

        writer.Flush();
    }

    public void Dispose()
    {
        screen?.Dispose();
        writer.Flush();
    }

    private void Write(IReadOnlyList<string> lines)
    {
        if (screen is not null && _framed)
        {
            screen.Write(lines);
            return;
        }

        foreach (var line in lines)
        {
            writer.WriteLine(line);
        }
    }
}
