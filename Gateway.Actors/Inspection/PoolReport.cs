using System.Collections.Immutable;
using Gateway.Core.Priorities;

namespace Gateway.Actors.Inspection;

/// <summary>One pool of a replica: an element of <c>GET /pools</c>.</summary>
/// <param name="Strategy">The name of its strategy, as in the settings.</param>
/// <param name="Endpoints">The number of its endpoints.</param>
/// <param name="Available">The number of endpoints that may be picked now.</param>
/// <param name="Panic">Whether all endpoints are used because so few are available.</param>
/// <param name="InFlight">Attempts in flight.</param>
/// <param name="RetriesUsed">Retries in the last 10 s that count against its budget.</param>
/// <param name="RequestsBegun">Requests begun in the same time, the base of the budget.</param>
/// <param name="Zones">Zone routing with its shares, or why it is off; with several priorities, for the first with load.</param>
/// <param name="Priorities">Its priorities in order: the healthy endpoints of each, and its share of the requests.</param>
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
