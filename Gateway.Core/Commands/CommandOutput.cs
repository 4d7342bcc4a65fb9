using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Gateway.Core.Commands;

/// <summary>
/// The output of a command, piece by piece, in display order. Tables for people and JSON for programs are built from the same pieces. A
/// stream that ends without <see cref="Done"/> or <see cref="Failed"/> was cut off.
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

    /// <summary>Begins a table; rows follow until another kind of piece.</summary>
    public sealed record Table(ImmutableArray<Column> Columns, TableStyle Style = TableStyle.Aligned) : CommandOutput;

    /// <summary>One row of the current table, with a cell for each of its columns.</summary>
    public sealed record Row(ImmutableArray<Cell> Cells) : CommandOutput;

    /// <summary>A line of text.</summary>
    public sealed record Line(string Text) : CommandOutput;

    /// <summary>Begins a frame: the following output replaces that since the previous frame.</summary>
    public sealed record Frame : CommandOutput;

    /// <summary>The command failed; nothing follows.</summary>
    public sealed record Failed(string Text) : CommandOutput;

    /// <summary>The command succeeded; nothing follows.</summary>
    public sealed record Done : CommandOutput;
}

/// <summary>The display style of a table.</summary>
public enum TableStyle
{
    /// <summary>With a heading, and columns as wide as their content.</summary>
    Aligned,

    /// <summary>Without a heading, cells separated by bars: <c>a | b | c</c>.</summary>
    Barred,

    /// <summary>Rows shown as they come, with the columns' own widths.</summary>
    Live,
}
