using System.Collections.Immutable;

namespace Gateway.Core.Commands;

/// <summary>Commands that belong together, as people call them: <c>pbm gateway drain ...</c> is of the palette <c>gateway</c>.</summary>
/// <param name="Name">One word.</param>
/// <param name="Description">One line.</param>
public sealed record CommandPalette(string Name, string Description, ImmutableArray<CommandDefinition> Commands);
