using System.Collections.Immutable;
using System.Text;

namespace Gateway.Core.Commands;

/// <summary>
/// Formats a command's output as text. Rows of an aligned table are held until it ends, since its columns are as wide as their
/// widest cell. Stateful: use one instance per output.
/// </summary>
/// <param name="paint">Colours a padded cell by its content; null for no colours.</param>
public sealed class OutputText(Func<string, string, string>? paint = null)
{
    private const string Gap = "  ";
    private const string Bar = " | ";

    private readonly List<ImmutableArray<Cell>> _rows = [];
    private CommandOutput.Table? _table;

    /// <summary>Adds a piece of output and returns the lines that can be shown now.</summary>
    public IEnumerable<string> Add(CommandOutput output)
    {
        switch (output)
        {
            case CommandOutput.Row(var cells) when _table is { Style: TableStyle.Live } live:
                return [Format(live, cells, [.. live.Columns.Select(c => c.Width)], Gap)];
            case CommandOutput.Row(var cells):
                _rows.Add(cells);
                return [];
            case CommandOutput.Table table:
                var before = Flush();
                _table = table;
                return before;
            case CommandOutput.Line(var text):
                return [.. Flush(), text];
            default:
                return Flush();
        }
    }

    private string[] Flush()
    {
        if (_table is not { Style: not TableStyle.Live } table)
        {
            _table = null;
            return [];
        }

        string[] lines = table.Style == TableStyle.Barred
            ? [.. _rows.Select(cells => Format(table, cells, new int[cells.Length], Bar))]
            : Aligned(table);
        _rows.Clear();
        _table = null;
        return lines;
    }

    private string[] Aligned(CommandOutput.Table table)
    {
        var widths = table.Columns
            .Select((column, i) => _rows.Aggregate(
                Math.Max(column.Heading.Length, column.Width), (width, cells) => Math.Max(width, cells[i].Show(column.Format).Length)))
            .ToArray();
        return [Heading(table, widths), .. _rows.Select(cells => Format(table, cells, widths, Gap))];
    }

    private static string Heading(CommandOutput.Table table, int[] widths) =>
        string.Join(Gap, table.Columns.Select((column, i) => Pad(column, column.Heading, widths[i]))).TrimEnd();

    private string Format(CommandOutput.Table table, ImmutableArray<Cell> cells, int[] widths, string separator)
    {
        var line = new StringBuilder();
        for (var i = 0; i < cells.Length; i++)
        {
            var shown = cells[i].Show(table.Columns[i].Format);
            var last = i == cells.Length - 1 && !table.Columns[i].AtRight;
            var padded = last ? shown : Pad(table.Columns[i], shown, widths[i]);
            line.Append(i == 0 ? "" : separator).Append(paint?.Invoke(shown, padded) ?? padded);
        }

        return line.ToString();
    }

    private static string Pad(Column column, string text, int width) => column.AtRight ? text.PadLeft(width) : text.PadRight(width);
}
