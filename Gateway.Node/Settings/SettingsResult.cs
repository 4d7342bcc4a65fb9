using System.Collections.Immutable;

namespace Gateway.Node.Settings;

/// <summary>The result of loading settings: <see cref="Loaded"/> or <see cref="Faulty"/>, nothing else.</summary>
public abstract record SettingsResult
{
    private SettingsResult(ImmutableArray<string> warnings) => Warnings = warnings;

    /// <summary>Lines to print; the settings can still be used.</summary>
    public ImmutableArray<string> Warnings { get; }

    public sealed record Loaded(GatewaySettings Settings, ImmutableArray<string> Lines) : SettingsResult(Lines);

    /// <param name="Faults">At least one; one line per error, with the place, the value, and the allowed values.</param>
    public sealed record Faulty(ImmutableArray<string> Faults, ImmutableArray<string> Lines) : SettingsResult(Lines);
}
