namespace Gateway.Node.Engine;

/// <summary>A connection that a loop has and that is no client's yet: a handshake comes first.</summary>
internal interface IArrival
{
    /// <summary>The loop drains: ends, if nothing has come from its peer.</summary>
    void Drain();

    /// <summary>Ends at once.</summary>
    void CutOff();
}
