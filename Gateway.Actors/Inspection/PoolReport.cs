using System.Collections.Immutable;
using Gateway.Core.Priorities;

namespace Gateway.Actors.Inspection;

/// <summary>One pool of a replica: an element of <c>GET /pools</c>.</summary>
/// <param name="Strategy">The name of its strategy, as in the settings.</param>
/// <param name="Endpoints">How many endpoints it has.</param>
/// <param name="Available">How many of them may be picked now.</param>
/// <param name="Panic">Whether so few are available that all are used.</param>
/// <param name="InFlight">Attempts in flight.</param>
/// <param name="RetriesUsed">Retries of the last 10 s that count against its budget.</param>
/// <param name="RequestsBegun">Requests begun in the same time, which the budget is a share of.</param>
/// <param name="Zones">Whether requests go by zone: where to, or why not; in a pool with several priorities, within the first that has load.</param>
/// <param name="Priorities">Its priorities, the first first: how many endpoints of each are healthy, and which share of the requests is meant for them.</param>
public sealed record PoolReport(
    string Name,
    string Strategy,
    int Endpoints,
    int Available,
    bool Panic,
    int InFlight,
    double RetriesUsed,
    double RequestsBegun,
    string Zones,
    ImmutableArray<PriorityLevel> Priorities);
