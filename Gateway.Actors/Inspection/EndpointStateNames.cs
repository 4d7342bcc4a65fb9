namespace Gateway.Actors.Inspection;

/// <summary>The names of the states in commands and the admin API.</summary>
public static class EndpointStateNames
{
    public static string Name(this EndpointState state) => state switch
    {
        EndpointState.Available => "available",
        EndpointState.Suspect => "suspect",
        EndpointState.Trial => "trial",
        EndpointState.Ejected => "ejected",
        EndpointState.Draining => "draining",
        EndpointState.Removed => "removed",
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, null),
    };

    public static string Name(this EndpointSource source) => source switch
    {
        EndpointSource.Settings => "settings",
        EndpointSource.Override => "override",
        EndpointSource.Added => "added",
        _ => throw new ArgumentOutOfRangeException(nameof(source), source, null),
    };
}
