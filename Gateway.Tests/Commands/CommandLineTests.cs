using System.Collections.Immutable;
using Gateway.Core.Commands;

namespace Gateway.Tests.Commands;

public sealed class CommandLineTests
{
    private static readonly ImmutableArray<CommandPalette> Palettes =
    [
        new("gateway", "Gateway.",
        [
            new("status", "Status.", []),
            new("breaker open", "Open.", [new("id", "-e", "Which.") { Positional = true, Mandatory = true, Kind = ArgumentKind.Endpoint }]),
            new("breaker auto", "Auto.", [new("id", "-e", "Which.") { Positional = true, Mandatory = true }]),
            new("weight", "Weight.",
            [
                new("id", "-e", "Which.") { Positional = true, Mandatory = true },
                new("weight", "-w", "How much.") { Positional = true, Mandatory = true, Kind = ArgumentKind.Number },
                new("force", "-f", "Really.") { Flag = true },
            ]),
            new("ask", "Ask.", [new("field", "-H", "Fields.") { Repeats = true }]),
        ]),
        new("actor", "Actors.",
        [
            new("hierarchy", "Tree.", [new("depth", "-d", "How deep.") { Default = "10", Kind = ArgumentKind.Number }, new("path", "-s", "From where.")]),
        ]),
        new("log", "Log.", [new("level", "Level.", [new("level", "-l", "Which.") { Positional = true, Values = ["debug", "info"] }])]),
    ];

    [Theory]
    [InlineData("gateway status", "gateway status")]
    [InlineData("gateway breaker open e1", "gateway breaker open id=e1")]
    [InlineData("gateway breaker auto -e e1", "gateway breaker auto id=e1")]
    [InlineData("gateway weight e1 5", "gateway weight id=e1 weight=5")]
    [InlineData("gateway weight -w 5 e1 -f", "gateway weight force=true id=e1 weight=5")]
    [InlineData("gateway weight -w=5 -e=x=y", "gateway weight id=x=y weight=5")]
    [InlineData("gateway weight e1 5 -f=no", "gateway weight force=no id=e1 weight=5")]
    [InlineData("actor hierarchy", "actor hierarchy depth=10")]
    [InlineData("actor hierarchy -s /user -d 3", "actor hierarchy depth=3 path=/user")]
    [InlineData("log level", "log level")]
    [InlineData("gateway ask -H a -H=b", "gateway ask field=a\nb")]
    public void A_line_of_the_grammar_is_understood(string line, string understood)
    {
        var parsed = Assert.IsType<CommandParse.Parsed>(Parse(line));
        var arguments = parsed.Arguments.OrderBy(a => a.Key, StringComparer.Ordinal).Select(a => $" {a.Key}={a.Value}");
        Assert.Equal(understood, $"{parsed.Palette} {parsed.Definition.Name}{string.Concat(arguments)}");
    }

    [Theory]
    [InlineData("", "missing palette and command; palettes: gateway, actor, log")]
    [InlineData("gatewya status", "unknown palette 'gatewya'; did you mean gateway?")]
    [InlineData("nothing", "unknown palette 'nothing'; palettes: gateway, actor, log")]
    [InlineData("status", "unknown palette 'status'; did you mean gateway status?")]
    [InlineData("breaker open e1", "unknown palette 'breaker'; did you mean gateway breaker open?")]
    [InlineData("gateway stauts", "unknown command 'stauts' of gateway; did you mean gateway status?")]
    [InlineData("gateway breaker opne e1", "unknown command 'breaker' of gateway; did you mean gateway breaker open?")]
    [InlineData("log levle info", "unknown command 'levle' of log; did you mean log level?")]
    [InlineData("gateway status now", "unexpected argument 'now'; usage: gateway status")]
    [InlineData("gateway breaker open a\nb", "id must not contain a line break")]
    [InlineData("log level inof", "level 'inof' is not valid; did you mean info?")]
    [InlineData("actor", "missing command; commands of actor: hierarchy")]
    [InlineData("gateway breaker", "unknown command 'breaker' of gateway; commands: status, breaker open, breaker auto, weight, ask")]
    [InlineData("gateway breaker open", "id is missing; usage: gateway breaker open <id>")]
    [InlineData("gateway weight e1", "weight is missing; usage: gateway weight <id> <weight> [-f]")]
    [InlineData("gateway weight e1 x", "weight 'x' is not a whole number")]
    [InlineData("gateway weight e1 5 6", "unexpected argument '6'; usage: gateway weight <id> <weight> [-f]")]
    [InlineData("gateway weight e1 -x 6", "unexpected argument '-x'; usage: gateway weight <id> <weight> [-f]")]
    [InlineData("gateway weight e1 5 -w 6", "weight is given twice")]
    [InlineData("actor hierarchy -s", "-s requires a value; usage: actor hierarchy [-d depth] [-s path]")]
    [InlineData("log level loud", "level 'loud' is not valid; allowed: debug, info")]
    public void A_line_that_breaks_the_grammar_fails_in_one_line(string line, string fault) =>
        Assert.Equal(new CommandParse.Faulty(fault), Parse(line));

    [Fact]
    public void A_name_of_two_words_is_meant_before_one_of_one_word() => Assert.Equal(
        new CommandParse.Faulty("unknown command 'poll' of gateway; did you mean gateway pool add?"),
        CommandLine.Parse([new("gateway", "Gateway.", [new("pool", "One.", []), new("pool add", "Add.", [])])], ["gateway", "poll", "add"]));

    private static CommandParse Parse(string line) => CommandLine.Parse(Palettes, line.Split(' ', StringSplitOptions.RemoveEmptyEntries));
}
