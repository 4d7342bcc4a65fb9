using Gateway.Core.Commands;

namespace Gateway.Cli.Showing;

/// <summary>Shows lines and aligned tables.</summary>
/// <param name="clears">Whether a new frame wipes the one before; else an empty line parts them.</param>
internal sealed class TextPrinter(TextWriter writer, bool colors, bool clears) : IPrinter
{
    private const string ClearScreen = "\u001b[H\u001b[2J\u001b[3J";

    private readonly OutputText _text = new(colors ? Palette.Paint : null);
    private bool _framed;

    public void Show(CommandOutput output)
    {
        foreach (var line in _text.Add(output))
        {
            writer.WriteLine(line);
        }

        if (output is CommandOutput.Frame)
        {
            if (clears)
            {
                writer.Write(ClearScreen);
            }
            else if (_framed)
            {
                writer.WriteLine();
            }

            _framed = true;
        }

        writer.Flush();
    }
}
