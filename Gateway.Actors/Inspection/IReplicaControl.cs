using System.Collections.Immutable;

namespace Gateway.Actors.Inspection;

/// <summary>What an operator can have the process around the actors do.</summary>
public interface IReplicaControl
{
    /// <summary>Reads the settings again from where they came from, and brings them into force unless they are faulty.</summary>
    Task<ReloadOutcome> ReloadAsync(CancellationToken cancellation);
}

/// <summary>What came of reading the settings again.</summary>
public abstract record ReloadOutcome
{
    private ReloadOutcome()
    {
    }

    /// <param name="NeedRestart">Keys that have changed and take effect at the next start.</param>
    public sealed record Applied(int Pools, int Routes, ImmutableArray<string> NeedRestart) : ReloadOutcome;

    /// <summary>The settings that were in force stay.</summary>
    /// <param name="Faults">A line for each fault.</param>
    public sealed record Refused(ImmutableArray<string> Faults) : ReloadOutcome;
}
