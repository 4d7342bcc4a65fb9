namespace Gateway.Core.Addressing;

/// <summary>
/// Identifies an endpoint on every replica by its pool and its canonical address.
/// </summary>
public readonly record struct EndpointId(string Pool, EndpointAddress Address)
{
    public override string ToString() => $"{Pool}/{Address}";
}
