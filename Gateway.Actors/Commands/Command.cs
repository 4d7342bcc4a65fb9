using System.Collections.Immutable;
using System.Globalization;
using Gateway.Core.Commands;

namespace Gateway.Actors.Commands;

/// <summary>A command and its handler.</summary>
public sealed record Command(CommandDefinition Definition, CommandHandler Handler);

/// <summary>
/// Runs a command and returns its output piece by piece, without <see cref="CommandOutput.Done"/>, which the caller
/// adds. Endless commands end when they are cancelled.
/// </summary>
public delegate IAsyncEnumerable<CommandOutput> CommandHandler(CommandRequest request, CancellationToken cancellation);

/// <summary>The input of a handler.</summary>
/// <param name="Arguments">By name; mandatory ones, and those with a default, are always present.</param>
/// <param name="Who">The user, for the log.</param>
public sealed record CommandRequest(ImmutableDictionary<string, string> Arguments, string Who)
{
    /// <summary>Returns the value of an argument; null if not given.</summary>
    public string? this[string name] => Arguments.GetValueOrDefault(name);

    /// <summary>Returns the value of an argument that is mandatory or has a default.</summary>
    public string Needed(string name) => Arguments[name];

    /// <summary>Returns the value of a numeric argument that is mandatory or has a default.</summary>
    public int Number(string name) => int.Parse(Arguments[name], NumberStyles.None, CultureInfo.InvariantCulture);

    /// <summary>Returns all values of a repeatable argument.</summary>
    public ImmutableArray<string> All(string name) => Arguments.TryGetValue(name, out var values) ? [.. values.Split(CommandArgument.Separator)] : [];

    public bool Has(string name) => Arguments.ContainsKey(name);
}

/// <summary>The commands of one palette.</summary>
public sealed record Palette(string Name, string Description, ImmutableArray<Command> Commands)
{
    /// <summary>The definition needed by a shell.</summary>
    public CommandPalette Definition => new(Name, Description, [.. Commands.Select(c => c.Definition)]);
}
