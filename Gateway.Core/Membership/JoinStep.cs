using Gateway.Core.Addressing;

namespace Gateway.Core.Membership;

/// <summary>The next step of a replica without a cluster.</summary>
public abstract record JoinStep
{
    private JoinStep()
    {
    }

    /// <summary>Ask again.</summary>
    public sealed record Wait : JoinStep;

    /// <summary>Become the first member of a new cluster.</summary>
    public sealed record Form : JoinStep;

    /// <summary>Join the cluster of that seed.</summary>
    public sealed record Join(HostPort Seed) : JoinStep;
}
