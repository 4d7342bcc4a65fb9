namespace Gateway.Core.Retrying;

/// <summary>What is left of a request's body when an attempt has failed.</summary>
public enum BodyState
{
    /// <summary>There is none, or nothing of it has been read.</summary>
    Unread,

    /// <summary>All that was read is kept, so that the next attempt can send it from the start.</summary>
    Kept,

    /// <summary>Some of it is gone.</summary>
    Lost,
}
