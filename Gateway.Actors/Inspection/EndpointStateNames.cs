namespace Gateway.Actors.Inspection;

/// <summary>What the states are called in commands and the admin API.</summary>
public static class EndpointStateNames
{
    public static string Name(this EndpointState state) => state switch
    {
        EndpointState.Available => "available",
        EndpointState.Trial => "trial",
        EndpointState.Ejected => "ejected",
        EndpointState.Draining => "draining",
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, null),
    };
}
