using Gateway.Core.Outcomes;

namespace Gateway.Node.Recording;

/// <summary>One attempt of a recorded request. Times are the clock's timestamps; 0: not reached.</summary>
internal struct AttemptRecord
{
    /// <summary>Host and port.</summary>
    public string Endpoint;

    public long Begun;

    /// <summary>When it had a connection.</summary>
    public long Connected;

    /// <summary>When the head of the final answer had arrived.</summary>
    public long Headed;

    public long Ended;

    /// <summary>The status of the answer; 0: none.</summary>
    public int Status;

    public AttemptEnd End;
}
