namespace Gateway.Upstream.Http1;

/// <summary>A connection that is being made, in a place that was taken for it.</summary>
internal sealed class PendingConnect(int slot)
{
    public int Slot => slot;

    /// <summary>Who hears of its failure: for whom it was begun, or who has taken it over. Null: they have left, or were served otherwise.</summary>
    public ConnectionWaiter? For { get; set; }
}
