namespace Gateway.Core.Breaking;

/// <summary>
/// Which trials a half-open breaker admits: as its own policy says, or as the cluster does, where replicas take turns.
/// <code>
/// Shut --a request would be a trial--> Wanted --its turn--> Granted --nobody used it--> Shut
///                                        '--nobody answers--> Free
/// </code>
/// Asked for by requests only, so that a pool without any leaves the turns to others.
/// </summary>
public enum TrialGate
{
    /// <summary>As many at once as the policy says.</summary>
    Free = 0,

    /// <summary>None, and none was wanted yet.</summary>
    Shut = 1,

    /// <summary>None; one is wanted.</summary>
    Wanted = 2,

    /// <summary>One at a time: it is this replica's turn.</summary>
    Granted = 3,
}
