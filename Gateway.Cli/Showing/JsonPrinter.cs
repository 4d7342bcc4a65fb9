using System.Text;
using System.Text.Json;
using Gateway.Core.Commands;

namespace Gateway.Cli.Showing;

/// <summary>Shows each row as one JSON object on its own line, and each line of text as <c>{"line":"..."}</c>.</summary>
internal sealed class JsonPrinter(TextWriter writer) : IPrinter
{
    private static readonly JsonWriterOptions Compact = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private CommandOutput.Table? _table;

    public void Show(CommandOutput output)
    {
        switch (output)
        {
            case CommandOutput.Table table:
                _table = table;
                break;
            case CommandOutput.Row(var cells) when _table is { } table:
                Write(json =>
                {
                    for (var i = 0; i < cells.Length; i++)
                    {
                        json.WritePropertyName(table.Columns[i].Name);
                        JsonSerializer.Serialize(json, cells[i], CommandJson.Default.Cell);
                    }
                });
                break;
            case CommandOutput.Line(var text) when text.Length > 0:
                Write(json => json.WriteString("line", text));
                break;
            default:
                break;
        }
    }

    public void Dispose() => writer.Flush();

    private void Write(Action<Utf8JsonWriter> properties)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, Compact))
        {
            json.WriteStartObject();
            properties(json);
            json.WriteEndObject();
        }

        writer.WriteLine(Encoding.UTF8.GetString(buffer.ToArray()));
        writer.Flush();
    }
}
