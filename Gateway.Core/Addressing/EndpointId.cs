namespace Gateway.Core.Addressing;

/// <summary>Identity of an endpoint on every replica: its pool and its canonical address.</summary>
public readonly record struct EndpointId(string Pool, EndpointAddress Address)
{
    public override string ToString() => $"{Pool}/{Address}";
}
