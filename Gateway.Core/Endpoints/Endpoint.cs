namespace Gateway.Core.Endpoints;

/// <summary>
/// One backend address of a pool: all that its actor needs to go on from after a restart. Each field has one writer and any number of
/// readers: the router writes <see cref="Settings"/>, the endpoint actor <see cref="Status"/>, requests the <see cref="Cell"/>.
/// </summary>
public sealed class Endpoint(EndpointCell cell, EndpointSettings settings)
{
    private EndpointSettings _settings = settings;
    private EndpointStatus _status = EndpointStatus.Initial;

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
}
