namespace Gateway.Core.Commands;

/// <summary>One column of a table.</summary>
/// <param name="Name">Its key in JSON, with the unit of a number (<c>ageSeconds</c>).</param>
/// <param name="Heading">The heading for display.</param>
/// <param name="Format">The display format of its cells.</param>
/// <param name="Width">The minimum width.</param>
public sealed record Column(string Name, string Heading, CellFormat Format = CellFormat.Text, int Width = 0)
{
    /// <summary>Whether its cells are right-aligned.</summary>
    public bool AtRight => Format != CellFormat.Text;
}

/// <summary>The format of a column's cells.</summary>
public enum CellFormat
{
    Text,

    /// <summary>A whole number.</summary>
    Count,

    /// <summary>A number with one decimal.</summary>
    Rate,

    /// <summary>Seconds, shown as 0.4s, 12s, 3m05s, 2h10m, 4d02h.</summary>
    Seconds,

    /// <summary>Milliseconds, shown with three significant digits.</summary>
    Milliseconds,
}
