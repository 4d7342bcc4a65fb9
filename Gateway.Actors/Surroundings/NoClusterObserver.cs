namespace Gateway.Actors.Surroundings;

/// <summary>An observer that counts nothing.</summary>
internal sealed class NoClusterObserver : IClusterObserver
{
    public void Sent(string kind, int replicas)
    {
    }

    public void Received(string kind)
    {
    }

    public void Dropped(string kind)
    {
    }

    public void Rejoining(RejoinReason reason)
    {
    }
}
