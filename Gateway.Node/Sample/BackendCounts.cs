namespace Gateway.Node.Sample;

/// <summary>What a sample backend has seen since its start or the last reset of its counts.</summary>
/// <param name="Requests">All but those to <c>/health</c> and <c>/-/</c>, counted on arrival.</param>
/// <param name="Posts">Those of them that were POSTs.</param>
/// <param name="Probes">Requests to <c>/health</c> and <c>/-/</c>.</param>
/// <param name="ByMethod">The nine methods; any other is <c>OTHER</c>.</param>
/// <param name="ByPath">The first 64 paths; any further one is <c>other</c>.</param>
/// <param name="Open">Requests in progress now.</param>
/// <param name="Connections">Connections open now, the asker's own among them.</param>
public sealed record BackendCounts(
    long Requests,
    long Posts,
    long Probes,
    IReadOnlyDictionary<string, long> ByMethod,
    IReadOnlyDictionary<string, long> ByPath,
    int Open,
    int Connections);
