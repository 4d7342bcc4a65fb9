using Gateway.Core.Outcomes;

namespace Gateway.Node.Recording;

/// <summary>One attempt of a recorded request. Times are the clock's timestamps; 0: it did not come to that.</summary>
internal struct AttemptRecord
{
    /// <summary>Host and port.</summary>
    public string Endpoint;

    public long Begun;

    /// <summary>When a connection was there.</summary>
    public long Connected;

    /// <summary>When the head of the final answer had come.</summary>
    public long Headed;

    public long Ended;

    /// <summary>Of the answer; 0: none came.</summary>
    public int Status;

    public AttemptEnd End;
}
