using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Gateway.Core.Commands;

/// <summary>The JSON form of commands and their output, shared by client and server.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(ImmutableArray<CommandPalette>))]
[JsonSerializable(typeof(CommandOutput))]
[JsonSerializable(typeof(CommandCall))]
[JsonSerializable(typeof(Cell))]
public sealed partial class CommandJson : JsonSerializerContext;

/// <summary>A command to run.</summary>
/// <param name="Words">As typed: palette, command, arguments.</param>
public sealed record CommandCall(ImmutableArray<string> Words);
