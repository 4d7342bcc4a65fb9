using System.Text.Json;
using Gateway.Core.Commands;

namespace Gateway.Tests.Commands;

public sealed class OutputTextTests
{
    private static readonly CommandOutput[] Listing =
    [
        new CommandOutput.Table([new("name", "NAME"), new("count", "COUNT", CellFormat.Count), new("note", "NOTE")]),
        new CommandOutput.Row(["a", 5.0, "x"]),
        new CommandOutput.Row(["longer", 12.0, default]),
        new CommandOutput.Line("2 of them"),
        new CommandOutput.Done(),
    ];

    [Fact]
    public void Columns_are_as_wide_as_what_they_hold_and_numbers_stand_at_the_right() => Assert.Equal(
        ["NAME    COUNT  NOTE", "a           5  x", "longer     12  -", "2 of them"], Lines(Listing));

    [Fact]
    public void A_barred_table_has_no_heading() => Assert.Equal(
        ["akka://a | [x] | up |  | 1", "akka://bb | [y] | up | unreachable | 1"],
        Lines(
            new CommandOutput.Table([new("address", "A"), new("roles", "R"), new("status", "S"), new("reachability", "U"), new("version", "V")], TableStyle.Barred),
            new CommandOutput.Row(["akka://a", "[x]", "up", "", "1"]),
            new CommandOutput.Row(["akka://bb", "[y]", "up", "unreachable", "1"]),
            new CommandOutput.Done()));

    [Fact]
    public void Live_rows_are_shown_at_once()
    {
        var text = new OutputText();
        text.Add(new CommandOutput.Table([new("time", "TIME", Width: 6), new("text", "TEXT")], TableStyle.Live));
        Assert.Equal(["12:00   it began"], text.Add(new CommandOutput.Row(["12:00", "it began"])));
    }

    [Fact]
    public void A_column_has_its_least_width_and_no_line_ends_in_spaces() => Assert.Equal(
        [" COUNT  NAME   NOTE", "     5  a      a longer note"],
        Lines(
            new CommandOutput.Table([new("count", "COUNT", CellFormat.Count, Width: 6), new("name", "NAME", Width: 5), new("note", "NOTE")]),
            new CommandOutput.Row([5.0, "a", "a longer note"]),
            new CommandOutput.Done()));

    [Fact]
    public void A_table_has_rows_of_its_own() => Assert.Equal(
        ["NAME", "a", "NAME", "b"],
        Lines(
            new CommandOutput.Table([new("name", "NAME")]),
            new CommandOutput.Row(["a"]),
            new CommandOutput.Table([new("name", "NAME")]),
            new CommandOutput.Row(["b"]),
            new CommandOutput.Done()));

    [Fact]
    public void Cells_are_coloured_with_their_padding() => Assert.Equal(
        ["STATUS  NAME", "<up    >  a", "down    b"],
        Lines(
            new OutputText((shown, padded) => shown == "up" ? $"<{padded}>" : padded),
            new CommandOutput.Table([new("status", "STATUS"), new("name", "NAME")]),
            new CommandOutput.Row(["up", "a"]),
            new CommandOutput.Row(["down", "b"]),
            new CommandOutput.Done()));

    [Fact]
    public void Output_survives_its_way_as_json()
    {
        foreach (var output in Listing.Append(new CommandOutput.Frame()).Append(new CommandOutput.Failed("no")))
        {
            var json = JsonSerializer.Serialize(output, CommandJson.Default.CommandOutput);
            Assert.Equal(json, JsonSerializer.Serialize(JsonSerializer.Deserialize(json, CommandJson.Default.CommandOutput)!, CommandJson.Default.CommandOutput));
        }

        Assert.Equal("""{"kind":"row","cells":["longer",12,null]}""", JsonSerializer.Serialize(Listing[2], CommandJson.Default.CommandOutput));
    }

    private static List<string> Lines(params CommandOutput[] outputs) => Lines(new OutputText(), outputs);

    private static List<string> Lines(OutputText text, params CommandOutput[] outputs) => [.. outputs.SelectMany(text.Add)];
}
