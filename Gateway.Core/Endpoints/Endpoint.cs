using Gateway.Core.Addressing;
using Gateway.Core.Cells;
using Gateway.Core.Evidence;

namespace Gateway.Core.Endpoints;

/// <summary>
/// One backend address of a pool, with all the state that its actor needs after a restart. Each field has one writer and any number of
/// readers: the router writes <see cref="Settings"/> and <see cref="Standing"/>, the endpoint actor <see cref="Status"/>, requests the <see cref="Cell"/>.
/// </summary>
public sealed class Endpoint(EndpointCell cell, EndpointSettings settings)
{
    private EndpointSettings _settings = settings;
    private EndpointStatus _status = EndpointStatus.Initial;
    private int _standing;

    public EndpointCell Cell { get; } = cell;

    public EndpointId Id => Cell.Id;

    public EndpointSettings Settings
    {
        get => Volatile.Read(ref _settings);
        set => Volatile.Write(ref _settings, value);
    }

    public EndpointStatus Status
    {
        get => Volatile.Read(ref _status);
        set => Volatile.Write(ref _status, value);
    }

    /// <summary>Its standing in the newest picker, after the pool's cap.</summary>
    public Standing Standing
    {
        get => (Standing)Volatile.Read(ref _standing);
        set => Volatile.Write(ref _standing, (int)value);
    }

    /// <summary>Whether it gets no new attempts; those in flight finish.</summary>
    public bool Draining => Settings.Draining;

    /// <summary>Whether it takes requests of clients with affinity to it, also while draining.</summary>
    public bool TakesAffinity => Status.Decision.Kind != DecisionKind.Ejected || CanBePicked;

    /// <summary>Whether it can be picked: by decision, or because the pool's cap keeps it in rotation.</summary>
    public bool CanBePicked =>
        !Draining && Status is var status && (status.CanBePicked || (status.Decision.YieldsToCap && Standing != Standing.Out));
}
