namespace Gateway.Core.Breaking;

/// <summary>
/// The trials a half-open breaker admits: by its own policy, or by grants where replicas take turns.
/// <code>
/// Shut --a request would be a trial--> Wanted --its turn--> Granted --nobody used it--> Shut
///                                        '--nobody answers--> Free
/// </code>
/// Only requests ask for trials, so a pool without traffic leaves the turns to others.
/// </summary>
public enum TrialGate
{
    /// <summary>As many concurrent trials as the policy allows.</summary>
    Free = 0,

    /// <summary>None admitted, none wanted yet.</summary>
    Shut = 1,

    /// <summary>None admitted; one is wanted.</summary>
    Wanted = 2,

    /// <summary>One at a time: this replica's turn.</summary>
    Granted = 3,
}
