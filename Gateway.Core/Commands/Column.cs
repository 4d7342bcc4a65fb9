namespace Gateway.Core.Commands;

/// <summary>One column of a table.</summary>
/// <param name="Name">Its key in JSON, with the unit of a number (<c>ageSeconds</c>).</param>
/// <param name="Heading">What stands above it for people.</param>
/// <param name="Format">How its cells are shown to people.</param>
/// <param name="Width">How wide it is at least.</param>
public sealed record Column(string Name, string Heading, CellFormat Format = CellFormat.Text, int Width = 0)
{
    /// <summary>Whether its cells stand at the right.</summary>
    public bool AtRight => Format != CellFormat.Text;
}

/// <summary>What the cells of a column are.</summary>
public enum CellFormat
{
    Text,

    /// <summary>A whole number.</summary>
    Count,

    /// <summary>A number with one digit after the point.</summary>
    Rate,

    /// <summary>Seconds, shown as 0.4s, 12s, 3m05s, 2h10m, 4d02h.</summary>
    Seconds,

    /// <summary>Milliseconds, shown with three significant digits.</summary>
    Milliseconds,
}
