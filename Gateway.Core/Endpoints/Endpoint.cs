using Gateway.Core.Addressing;
using Gateway.Core.Cells;

namespace Gateway.Core.Endpoints;

/// <summary>
/// One backend address of a pool, with all the state that its actor needs after a restart. The endpoint actor alone writes the <see cref="Status"/>, requests the
/// <see cref="Cell"/>. Settings and standing are the pool's: see <see cref="Pools.PoolMember"/>.
/// </summary>
public sealed class Endpoint(EndpointCell cell)
{
    private EndpointStatus _status = EndpointStatus.Initial;

    public EndpointCell Cell { get; } = cell;

    public EndpointId Id => Cell.Id;

    public EndpointStatus Status
    {
        get => Volatile.Read(ref _status);
        set => Volatile.Write(ref _status, value);
    }
}
