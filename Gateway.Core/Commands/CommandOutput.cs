using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Gateway.Core.Commands;

/// <summary>
/// What a command says, piece by piece, in the order it is to be shown. People's tables and machines' JSON are made of the same pieces. A
/// stream that ends with neither <see cref="Done"/> nor <see cref="Failed"/> was cut off.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(Table), "table")]
[JsonDerivedType(typeof(Row), "row")]
[JsonDerivedType(typeof(Line), "line")]
[JsonDerivedType(typeof(Frame), "frame")]
[JsonDerivedType(typeof(Failed), "failed")]
[JsonDerivedType(typeof(Done), "done")]
public abstract record CommandOutput
{
    private CommandOutput()
    {
    }

    /// <summary>The columns of the rows that follow, until another piece comes.</summary>
    public sealed record Table(ImmutableArray<Column> Columns, TableStyle Style = TableStyle.Aligned) : CommandOutput;

    /// <summary>One row of the table begun last: a cell for each of its columns.</summary>
    public sealed record Row(ImmutableArray<Cell> Cells) : CommandOutput;

    /// <summary>Text for people.</summary>
    public sealed record Line(string Text) : CommandOutput;

    /// <summary>What follows replaces what was shown since the frame before.</summary>
    public sealed record Frame : CommandOutput;

    /// <summary>The command could not do what was asked; nothing follows.</summary>
    public sealed record Failed(string Text) : CommandOutput;

    /// <summary>The command did what was asked; nothing follows.</summary>
    public sealed record Done : CommandOutput;
}

/// <summary>How a table is shown to people.</summary>
public enum TableStyle
{
    /// <summary>A heading, and columns as wide as what they hold.</summary>
    Aligned,

    /// <summary>No heading, bars between the cells: <c>a | b | c</c>.</summary>
    Barred,

    /// <summary>Rows that come one by one and are shown at once, each column as wide as it says.</summary>
    Live,
}
