using System.Collections.Immutable;
using Gateway.Core.Commands;

namespace Gateway.Tests.Commands;

public sealed class CommandCompletionTests
{
    private static readonly CommandArgument Id = new("id", "-e", "Which.") { Positional = true, Mandatory = true, Kind = ArgumentKind.Endpoint };

    private static readonly ImmutableArray<CommandPalette> Palettes =
    [
        new("gateway", "Gateway.",
        [
            new("endpoint", "One.", [Id]),
            new("endpoints", "All.", [new("pool", "-p", "Which.") { Kind = ArgumentKind.Pool }]),
            new("breaker open", "Open.", [Id]),
            new("breaker close", "Close.", [Id]),
            new("trace start", "Start.", []),
            new("weight", "Weight.", [Id, new("weight", "-w", "How much.") { Positional = true, Kind = ArgumentKind.Number }]),
        ]),
        new("log", "Log.", [new("level", "Level.", [new("level", "-l", "Which.") { Positional = true, Values = ["debug", "info"] }])]),
    ];

    [Theory]
    [InlineData("", "exit|gateway|help|log")]
    [InlineData("g", "gateway")]
    [InlineData("x", "")]
    [InlineData("help ", "gateway|log")]
    [InlineData("? ", "gateway|log")]
    [InlineData("gateway ", "breaker|endpoint|endpoints|trace|weight")]
    [InlineData("gateway end", "endpoint|endpoints")]
    [InlineData("gateway breaker ", "close|open")]
    [InlineData("gateway breaker o", "open")]
    [InlineData("gateway breaker open ", "-e|one|two")]
    [InlineData("gateway breaker open -e ", "one|two")]
    [InlineData("gateway breaker open t", "two")]
    [InlineData("gateway breaker open two ", "")]
    [InlineData("gateway breaker open two three ", "")]
    [InlineData("gateway breaker ajar ", "")]
    [InlineData("gateway weight two ", "-w|one|two")]
    [InlineData("gateway weight -w 5 ", "-e|one|two")]
    [InlineData("gateway endpoints x ", "-p")]
    [InlineData("gateway endpoints ", "-p")]
    [InlineData("gateway endpoints -p o", "one")]
    [InlineData("log level ", "-l|debug|info")]
    [InlineData("nothing of the kind", "")]
    public void Possible_words_are_offered(string line, string offered) =>
        Assert.Equal(offered, string.Join('|', CommandCompletion.Of(Palettes, line, ["one", "two"])));

    [Theory]
    [InlineData("gateway breaker open ", ArgumentKind.Endpoint)]
    [InlineData("gateway endpoints -p ", ArgumentKind.Pool)]
    [InlineData("gateway weight ", ArgumentKind.Endpoint)]
    [InlineData("gateway weight -w ", ArgumentKind.Number)]
    [InlineData("gateway weight -w 5 ", ArgumentKind.Endpoint)]
    [InlineData("gateway weight two ", ArgumentKind.Number)]
    [InlineData("gateway ", null)]
    [InlineData("", null)]
    public void The_kind_of_argument_is_given_so_that_its_names_can_be_requested(string line, ArgumentKind? kind) =>
        Assert.Equal(kind, CommandCompletion.KindAt(Palettes, line));

    [Fact]
    public void Words_have_a_common_beginning() => Assert.Equal("endpoint", CommandCompletion.Common(["endpoint", "endpoints"]));

    [Fact]
    public void No_words_have_nothing_in_common() => Assert.Equal("", CommandCompletion.Common([]));
}
