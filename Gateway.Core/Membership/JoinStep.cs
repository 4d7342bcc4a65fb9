namespace Gateway.Core.Membership;

/// <summary>What a replica that is in no cluster does next.</summary>
public abstract record JoinStep
{
    private JoinStep()
    {
    }

    /// <summary>Asks again.</summary>
    public sealed record Wait : JoinStep;

    /// <summary>Is the first member of a new cluster.</summary>
    public sealed record Form : JoinStep;

    /// <summary>Joins the cluster of that seed.</summary>
    public sealed record Join(string Seed) : JoinStep;
}
