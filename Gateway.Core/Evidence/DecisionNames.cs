namespace Gateway.Core.Evidence;

/// <summary>The names of decisions in text and metrics.</summary>
public static class DecisionNames
{
    public static string Name(this DecisionKind kind) => kind switch
    {
        DecisionKind.Available => "available",
        DecisionKind.Suspect => "suspect",
        DecisionKind.TrialsOnly => "trials-only",
        DecisionKind.Ejected => "ejected",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };

    public static string Name(this DecisionReason reason) => reason switch
    {
        DecisionReason.Unknown => "unknown",
        DecisionReason.OwnProbe => "own-probe",
        DecisionReason.OwnBreaker => "own-breaker",
        DecisionReason.Trial => "trial",
        DecisionReason.Own => "own",
        DecisionReason.Reported => "reported",
        DecisionReason.Zone => "zone",
        DecisionReason.Unverified => "unverified",
        DecisionReason.Stalled => "stalled",
        DecisionReason.Outlier => "outlier",
        _ => throw new ArgumentOutOfRangeException(nameof(reason), reason, null),
    };

    public static string Name(this Opinion opinion) => opinion switch
    {
        Opinion.None => "none",
        Opinion.Good => "good",
        Opinion.Bad => "bad",
        _ => throw new ArgumentOutOfRangeException(nameof(opinion), opinion, null),
    };

    public static string Name(this ProbeReason reason) => reason switch
    {
        ProbeReason.None => "none",
        ProbeReason.Owner => "owner",
        ProbeReason.Unverified => "unverified",
        ProbeReason.Unknown => "unknown",
        ProbeReason.Verification => "verification",
        _ => throw new ArgumentOutOfRangeException(nameof(reason), reason, null),
    };
}
