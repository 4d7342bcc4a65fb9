using System.Collections.Immutable;

namespace Gateway.Core.Commands;

/// <summary>What a line of words comes to.</summary>
public abstract record CommandParse
{
    private CommandParse()
    {
    }

    /// <param name="Arguments">By name; those with a default are all there.</param>
    public sealed record Parsed(string Palette, CommandDefinition Definition, ImmutableDictionary<string, string> Arguments) : CommandParse;

    /// <param name="What">One line for people.</param>
    public sealed record Faulty(string What) : CommandParse;
}
