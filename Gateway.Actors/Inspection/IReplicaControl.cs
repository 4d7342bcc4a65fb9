using System.Collections.Immutable;

namespace Gateway.Actors.Inspection;

/// <summary>Operations on the process around the actors, for operators.</summary>
public interface IReplicaControl
{
    /// <summary>Reloads the settings from their sources, and applies them unless they are faulty.</summary>
    Task<ReloadOutcome> ReloadAsync(CancellationToken cancellation);
}

/// <summary>The result of a reload.</summary>
public abstract record ReloadOutcome
{
    private ReloadOutcome()
    {
    }

    /// <param name="NeedRestart">Changed keys that take effect at the next start.</param>
    public sealed record Applied(int Pools, int Routes, ImmutableArray<string> NeedRestart) : ReloadOutcome;

    /// <summary>The previous settings stay in force.</summary>
    /// <param name="Faults">A line for each fault.</param>
    public sealed record Refused(ImmutableArray<string> Faults) : ReloadOutcome;
}
