using Gateway.Core.Addressing;
using Gateway.Core.Cells;
using Gateway.Core.Evidence;

namespace Gateway.Core.Endpoints;

/// <summary>
/// One backend address of a pool: all that its actor needs to go on from after a restart. Each field has one writer and any number of
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

    /// <summary>What the newest picker makes of it, the pool's cap applied.</summary>
    public Standing Standing
    {
        get => (Standing)Volatile.Read(ref _standing);
        set => Volatile.Write(ref _standing, (int)value);
    }

    /// <summary>Whether it gets nothing new. The settings say so, and the newest picker goes by them, a little before the endpoint's actor does.</summary>
    public bool Draining => Settings.Draining || Status.Draining;

    /// <summary>Whether it takes the requests of clients that are kept at it: also while it drains.</summary>
    public bool TakesAffinity => Status.Decision.Kind != DecisionKind.Ejected || CanBePicked;

    /// <summary>Whether it can be picked: by what is decided, or because the pool's cap has it stay in.</summary>
    public bool CanBePicked =>
        Status is var status && (status.CanBePicked || (status is { Draining: false, Decision.YieldsToCap: true } && Standing != Standing.Out));
}
