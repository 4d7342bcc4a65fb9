namespace Gateway.Node.Engine;

/// <summary>A connection on a loop that is not a client's yet: a handshake comes first.</summary>
internal interface IArrival
{
    /// <summary>Called when the loop drains: ends if its peer has sent nothing.</summary>
    void Drain();

    /// <summary>Ends at once.</summary>
    void CutOff();
}
