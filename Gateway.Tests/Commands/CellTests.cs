using System.Text.Json;
using Gateway.Core.Commands;

namespace Gateway.Tests.Commands;

public sealed class CellTests
{
    [Theory]
    [InlineData(0.04, "0.0s")]
    [InlineData(9.96, "10.0s")]
    [InlineData(10, "10s")]
    [InlineData(59.9, "59s")]
    [InlineData(60, "1m00s")]
    [InlineData(185, "3m05s")]
    [InlineData(3_600, "1h00m")]
    [InlineData(7_800, "2h10m")]
    [InlineData(86_400, "1d00h")]
    [InlineData(352_800, "4d02h")]
    public void A_duration_has_its_two_largest_units(double seconds, string shown) =>
        Assert.Equal(shown, ((Cell)seconds).Show(CellFormat.Seconds));

    [Theory]
    [InlineData(1.5, "1.50")]
    [InlineData(9.876, "9.88")]
    [InlineData(10, "10.0")]
    [InlineData(98.76, "98.8")]
    [InlineData(100, "100")]
    [InlineData(1_234.4, "1234")]
    public void Milliseconds_have_three_significant_digits(double milliseconds, string shown) =>
        Assert.Equal(shown, ((Cell)milliseconds).Show(CellFormat.Milliseconds));

    [Theory]
    [InlineData(12, CellFormat.Rate, "12.0")]
    [InlineData(1_234.56, CellFormat.Rate, "1234.6")]
    [InlineData(12, CellFormat.Count, "12")]
    [InlineData(1_234.5678, CellFormat.Text, "1234.568")]
    public void A_number_has_the_decimals_of_its_column(double number, CellFormat format, string shown) => Assert.Equal(shown, ((Cell)number).Show(format));

    [Fact]
    public void A_boolean_is_yes_or_no_and_null_is_a_dash() => Assert.Equal(
        ("yes", "no", "-", ""), (((Cell)true).Show(CellFormat.Text), ((Cell)false).Show(CellFormat.Count), default(Cell).Show(CellFormat.Rate), ((Cell)"").Show(CellFormat.Text)));

    [Fact]
    public void Cells_have_the_types_of_json()
    {
        Cell[] cells = ["a", 1.5, true, false, default];
        string[] json = [.. cells.Select(cell => JsonSerializer.Serialize(cell, CommandJson.Default.Cell))];
        Assert.Equal(["\"a\"", "1.5", "true", "false", "null"], json);
        Assert.Equal(cells, json.Select(text => JsonSerializer.Deserialize(text, CommandJson.Default.Cell)));
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{}")]
    public void A_cell_has_no_parts(string json) => Assert.StartsWith(
        "a cell must be a string, a number, a boolean or null",
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize(json, CommandJson.Default.Cell)).Message);
}
