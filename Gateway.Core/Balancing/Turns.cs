namespace Gateway.Core.Balancing;

/// <summary>A fixed order of turns, repeated endlessly. A turn costs one atomic increment.</summary>
public sealed class Turns
{
    private readonly Rotation _rotation;
    private readonly ulong _origin;
    private readonly int[] _order;

    /// <param name="origin">The turn at which <paramref name="order"/> starts: no earlier turn is drawn through this object.</param>
    /// <param name="order">Indices of endpoints, at least one.</param>
    internal Turns(Rotation rotation, ulong origin, int[] order)
    {
        _rotation = rotation;
        _origin = origin;
        _order = order;
    }

    /// <summary>Returns the index of the endpoint whose turn it is.</summary>
    public int Next() => _order[(int)((_rotation.Draw() - _origin) % (ulong)_order.Length)];
}
