using System.Collections.Immutable;
using System.Globalization;
using Gateway.Core.Commands;

namespace Gateway.Actors.Commands;

/// <summary>A command and what carries it out.</summary>
public sealed record Command(CommandDefinition Definition, CommandHandler Handler);

/// <summary>
/// Carries a command out and tells what comes of it, piece by piece, without <see cref="CommandOutput.Done"/>: that it ended is said by
/// whoever ran it. Commands that go on for ever end when they are cancelled.
/// </summary>
public delegate IAsyncEnumerable<CommandOutput> CommandHandler(CommandRequest request, CancellationToken cancellation);

/// <summary>What a handler gets.</summary>
/// <param name="Arguments">By name; mandatory ones, and those with a default, are all there.</param>
/// <param name="Who">Who asks, for the log.</param>
public sealed record CommandRequest(ImmutableDictionary<string, string> Arguments, string Who)
{
    /// <summary>The value of an argument; null when it was not given.</summary>
    public string? this[string name] => Arguments.GetValueOrDefault(name);

    /// <summary>The value of an argument that is mandatory or has a default.</summary>
    public string Needed(string name) => Arguments[name];

    /// <summary>The same, of an argument that is a number.</summary>
    public int Number(string name) => int.Parse(Arguments[name], NumberStyles.None, CultureInfo.InvariantCulture);

    /// <summary>All values of an argument that may be given several times.</summary>
    public ImmutableArray<string> All(string name) => Arguments.TryGetValue(name, out var values) ? [.. values.Split(CommandArgument.Separator)] : [];

    public bool Has(string name) => Arguments.ContainsKey(name);
}

/// <summary>Commands of one palette.</summary>
public sealed record Palette(string Name, string Description, ImmutableArray<Command> Commands)
{
    /// <summary>What a shell needs to know of it.</summary>
    public CommandPalette Definition => new(Name, Description, [.. Commands.Select(c => c.Definition)]);
}
