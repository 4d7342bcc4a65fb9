using System.CommandLine;
using Gateway.Core.Commands;
using Gateway.Node.Admin;
using Gateway.Node.Demo;
using Gateway.Node.Sample;
using Gateway.Node.SelfCheck;
using Gateway.Node.Settings;
using Gateway.Node.Settings.Loading;

namespace Gateway.Tests.Docs;

/// <param name="Value">The placeholder of its value; empty: it takes none.</param>
/// <param name="Values">The allowed values; empty: any.</param>
internal sealed record ProgramOption(string Name, string Value, string Summary, IReadOnlyList<string> Values)
{
    public bool IsFile => Value == "path";
}

/// <param name="Name">Its words: <c>probe</c>, <c>gateway breaker open</c>.</param>
/// <param name="Usage">The words with their arguments.</param>
internal sealed record ProgramCommand(string Name, string Usage, string Summary, IReadOnlyList<ProgramOption> Options);

/// <summary>A program's command line, for its manual page and shell completions, taken from the code that parses it.</summary>
internal sealed record ProgramModel(string Name, string Summary, IReadOnlyList<ProgramOption> Options, IReadOnlyList<ProgramCommand> Commands)
{
    public static ProgramModel Gateway()
    {
        Command[] commands = [DemoCommand.Create(), BackendCommand.Create(), TokenCommand.Create(), ProbeCommand.Create()];
        var root = new GatewayCommand((_, _, _) => Task.FromResult(0), commands).Parse([]).RootCommandResult.Command;
        return new(
            "gateway", root.Description!,
            [
                .. Flag.All.Select(flag => new ProgramOption(flag.Option, flag.Value, flag.Summary, ValuesOf(flag.Key))),
                .. root.Options.Where(option => Flag.All.All(flag => flag.Option != option.Name)).Select(OptionOf),
            ],
            [
                .. commands.Select(command => new ProgramCommand(
                    command.Name, string.Join(' ', [command.Name, .. command.Arguments.Select(argument => $"<{argument.Name}>")]), command.Description!,
                    [.. command.Options.Select(OptionOf)])),
            ]);
    }

    /// <param name="palettes">A replica's commands.</param>
    public static ProgramModel Pbm(IEnumerable<CommandPalette> palettes) => new(
        "pbm", "Inspects and controls gateway replicas.",
        [
            new("--json", "", "Print one JSON object per row.", []),
            new("--token-file", "path", "File with the token; default PBM_TOKEN_FILE, PBM_TOKEN (the token itself), GATEWAY_ADMIN_TOKEN_FILE.", []),
            new("--no-color", "", "Print without colours, as NO_COLOR does.", []),
            new("--version", "", "Print the version.", []),
            new("--help", "", "Print help.", []),
        ],
        [
            .. palettes.SelectMany(palette => palette.Commands.Select(command => new ProgramCommand(
                $"{palette.Name} {command.Name}", $"{palette.Name} {command.Usage}", command.Description,
                [.. command.Arguments.Select(argument => new ProgramOption(argument.Switch, argument.Flag ? "" : argument.Name, argument.Description, [.. argument.Values]))]))),
        ]);

    private static ProgramOption OptionOf(Option option) => new(
        option.Name, option.Name == "--config" ? "path" : option.HelpName ?? (option is Option<bool> || option.Arity.MaximumNumberOfValues == 0 ? "" : "value"),
        Sentence(option.Description ?? ""), []);

    private static string Sentence(string text) => text.Length == 0 ? "" : char.ToUpperInvariant(text[0]) + text[1..].TrimEnd('.') + ".";

    private static IReadOnlyList<string> ValuesOf(string key)
    {
        using var reader = new StreamReader(typeof(GatewaySettings).Assembly.GetManifestResourceStream("gateway.schema.json")!);
        var setting = System.Text.Json.Nodes.JsonNode.Parse(reader.ReadToEnd())!["properties"]![key]!;
        return [.. (setting["enum"]?.AsArray() ?? []).Select(value => (string)value!)];
    }
}
