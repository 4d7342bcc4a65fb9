using System.Collections.Immutable;

namespace Gateway.Core.Commands;

/// <summary>A group of commands: <c>pbm gateway drain ...</c> is in the palette <c>gateway</c>.</summary>
/// <param name="Name">One word.</param>
/// <param name="Description">One line.</param>
public sealed record CommandPalette(string Name, string Description, ImmutableArray<CommandDefinition> Commands);
