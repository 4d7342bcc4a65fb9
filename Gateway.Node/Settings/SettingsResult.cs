using System.Collections.Immutable;

namespace Gateway.Node.Settings;

/// <summary>What loading the settings came to: <see cref="Loaded"/> or <see cref="Faulty"/>, nothing else.</summary>
public abstract record SettingsResult
{
    private SettingsResult(ImmutableArray<string> warnings) => Warnings = warnings;

    /// <summary>Lines to print that do not keep the settings from being used.</summary>
    public ImmutableArray<string> Warnings { get; }

    public sealed record Loaded(GatewaySettings Settings, ImmutableArray<string> Lines) : SettingsResult(Lines);

    /// <param name="Faults">At least one; one line for each fault, saying where, which value, and what is allowed.</param>
    public sealed record Faulty(ImmutableArray<string> Faults, ImmutableArray<string> Lines) : SettingsResult(Lines);
}
