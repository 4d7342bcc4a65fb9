using System.Collections.Immutable;

namespace Gateway.Core.Commands;

/// <summary>The name and the arguments of one command, independent of transport and implementation.</summary>
/// <param name="Name">One word, or two (<c>breaker open</c>).</param>
/// <param name="Description">One line.</param>
/// <param name="Changes">Whether it changes anything; such a command is logged with its user.</param>
public sealed record CommandDefinition(
    string Name, string Description, ImmutableArray<CommandArgument> Arguments, bool Changes = false)
{
    /// <summary>The usage line: <c>endpoint &lt;id&gt;</c>, <c>hierarchy [-d depth] [-s path]</c>.</summary>
    public string Usage => Arguments.IsEmpty ? Name : $"{Name} {string.Join(' ', Arguments.Select(a => a.Usage))}";
}

/// <summary>A group of commands: <c>pbm gateway drain ...</c> is in the palette <c>gateway</c>.</summary>
/// <param name="Name">One word.</param>
/// <param name="Description">One line.</param>
public sealed record CommandPalette(string Name, string Description, ImmutableArray<CommandDefinition> Commands);
