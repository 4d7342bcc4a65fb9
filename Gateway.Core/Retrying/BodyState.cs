namespace Gateway.Core.Retrying;

/// <summary>The state of a request's body when an attempt has failed.</summary>
public enum BodyState
{
    /// <summary>There is no body, or none of it has been read.</summary>
    Unread,

    /// <summary>All that was read is kept for the next attempt.</summary>
    Kept,

    /// <summary>Part of it is no longer available.</summary>
    Lost,
}
