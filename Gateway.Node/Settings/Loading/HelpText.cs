using System.CommandLine;
using System.CommandLine.Invocation;

namespace Gateway.Node.Settings.Loading;

/// <summary>The help of <c>gateway</c>: flags by topic, each with its default. Subcommands keep the parser's own help.</summary>
internal sealed class HelpText(Command root, SynchronousCommandLineAction others) : AsynchronousCommandLineAction
{
    public const string Config = "Configuration file (JSON): pools, routes, health, breaker, retry, timeouts, limits. Reloaded when it changes.";
    public const string Check = "Validate the settings and exit: code 0, or 2 with one line per error.";

    private const int Column = 38;
    private const int Width = 118;

    public override bool ClearsParseErrors => true;

    public override async Task<int> InvokeAsync(ParseResult parseResult, CancellationToken cancellationToken = default)
    {
        if (parseResult.CommandResult.Command != root)
        {
            return others.Invoke(parseResult);
        }

        // Help for an unknown command.
        if (CommandLineFaults.Of(parseResult).FirstOrDefault(fault => fault.Where?.StartsWith('\'') == true) is { What: { } what } wrong)
        {
            await parseResult.InvocationConfiguration.Error.WriteLineAsync($"gateway: {wrong.Where}: {what}").ConfigureAwait(false);
            return GatewayCommand.BadSettings;
        }

        var schema = SettingsSchema.Load();
        var output = parseResult.InvocationConfiguration.Output;
        foreach (var line in Lines(schema))
        {
            await output.WriteLineAsync(line).ConfigureAwait(false);
        }

        return 0;
    }

    private IEnumerable<string> Lines(SettingsSchema schema)
    {
        yield return "gateway: " + root.Description;
        yield return "";
        yield return "Usage: gateway --relay-endpoints http://host:port,... [flags]";
        yield return "       gateway --config gateway.json [flags]";
        foreach (var command in root.Subcommands)
        {
            yield return $"       gateway {command.Name,-24} {command.Description}";
        }

        foreach (var group in Flag.All.GroupBy(f => f.Group))
        {
            yield return "";
            yield return group.Key + ":";
            foreach (var flag in group)
            {
                foreach (var line in Entry(flag.Option, flag.Value, $"{flag.Summary} [{schema.DefaultOf(flag.Key) ?? "none"}]"))
                {
                    yield return line;
                }
            }
        }

        yield return "";
        yield return "Settings and help:";
        (string Option, string Value, string Summary)[] rest =
        [
            (GatewayCommand.ConfigOption, "path", Config + " [none]"),
            (GatewayCommand.CheckOption, "", Check),
            ("--version", "", "Print the version and exit."),
            ("--help", "", "Print this help and exit."),
        ];
        foreach (var line in rest.SelectMany(o => Entry(o.Option, o.Value, o.Summary)))
        {
            yield return line;
        }

        yield return "";
        yield return $"Each flag can also be set by environment variable, such as {Flag.All[1].Variable} for {Flag.All[1].Option}.";
        yield return "Precedence: flag, variable, file, default.";
        yield return "gateway.schema.json, in the program's directory, describes every key of the file.";
    }

    private static IEnumerable<string> Entry(string option, string value, string summary)
    {
        var left = "  " + option + (value.Length > 0 ? $" <{value}>" : "");
        foreach (var line in Wrapped(summary))
        {
            yield return left.PadRight(Column) + line;
            left = "";
        }
    }

    private static IEnumerable<string> Wrapped(string text)
    {
        var line = "";
        foreach (var word in text.Split(' '))
        {
            if (line.Length > 0 && Column + line.Length + 1 + word.Length > Width)
            {
                yield return line;
                line = "";
            }

            line += line.Length > 0 ? " " + word : word;
        }

        yield return line;
    }
}
