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

    [Theory]
    [InlineData(0.04, "0.0s")]
    [InlineData(9.96, "10.0s")]
    [InlineData(59.9, "59s")]
    [InlineData(185, "3m05s")]
    [InlineData(7_800, "2h10m")]
    [InlineData(352_800, "4d02h")]
    public void A_duration_is_told_in_its_two_largest_units(double seconds, string shown) =>
        Assert.Equal(shown, ((Cell)seconds).Show(CellFormat.Seconds));

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

    private static List<string> Lines(params CommandOutput[] outputs)
    {
        var text = new OutputText();
        return [.. outputs.SelectMany(text.Add)];
    }
}
