using System.Collections.Immutable;

namespace Gateway.Core.Commands;

/// <summary>The result of parsing a command line.</summary>
public abstract record CommandParse
{
    private CommandParse()
    {
    }

    /// <param name="Arguments">By name; those with a default are always present.</param>
    public sealed record Parsed(string Palette, CommandDefinition Definition, ImmutableDictionary<string, string> Arguments) : CommandParse;

    /// <param name="What">The error, on one line.</param>
    public sealed record Faulty(string What) : CommandParse;
}
