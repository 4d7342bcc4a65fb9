using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Gateway.Core.Commands;

/// <summary>Commands and their output as JSON, the same at both ends of whatever carries them.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(ImmutableArray<CommandPalette>))]
[JsonSerializable(typeof(CommandOutput))]
[JsonSerializable(typeof(CommandCall))]
[JsonSerializable(typeof(Cell))]
public sealed partial class CommandJson : JsonSerializerContext;

/// <summary>What someone wants carried out.</summary>
/// <param name="Words">As typed: palette, command, arguments.</param>
public sealed record CommandCall(ImmutableArray<string> Words);
