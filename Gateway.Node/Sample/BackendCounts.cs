namespace Gateway.Node.Sample;

/// <summary>A sample backend's counts since its start or the last reset.</summary>
/// <param name="Requests">All except those to <c>/health</c> and <c>/-/</c>, counted on arrival.</param>
/// <param name="Posts">The POSTs among them.</param>
/// <param name="Probes">Requests to <c>/health</c> and <c>/-/</c>.</param>
/// <param name="ByMethod">The nine methods; any other is <c>OTHER</c>.</param>
/// <param name="ByPath">The first 64 paths; any further one is <c>other</c>.</param>
/// <param name="Open">Requests in progress.</param>
/// <param name="Connections">Open connections, including the caller's.</param>
public sealed record BackendCounts(
    long Requests,
    long Posts,
    long Probes,
    IReadOnlyDictionary<string, long> ByMethod,
    IReadOnlyDictionary<string, long> ByPath,
    int Open,
    int Connections);
