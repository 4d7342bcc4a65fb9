using Gateway.Wire;

namespace Gateway.Node.Engine;

/// <summary>Checks whether io_uring can be used here.</summary>
/// <param name="FaultOf">Returns why it cannot; null: it can.</param>
internal sealed record LoopProbe(Func<string?> FaultOf)
{
    /// <summary>Asks the system, by setting up a ring and receiving a byte with it.</summary>
    public static LoopProbe OfSystem { get; } = new(UringProbe.FaultOf);
}
