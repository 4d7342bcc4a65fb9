using Gateway.Core.Cells;

namespace Gateway.Core.Balancing;

/// <summary>An endpoint of the pool as the router sees it when it builds a picker.</summary>
/// <param name="Cell">The endpoint.</param>
/// <param name="Weight">Its configured weight, 1 to 256.</param>
/// <param name="Factor">What slow start leaves of the weight: above 0, at most 1.</param>
/// <param name="Degraded">Healthy, but slow or saying so of itself: <c>health-based</c> picks it only when no other is left.</param>
/// <param name="Available">Whether it may be picked. The others are listed so that hash tables stay as they are while one is ejected.</param>
/// <param name="Zone">Its failure domain; null: none.</param>
/// <param name="Held">Available, but to be picked only if no other is.</param>
/// <param name="Priority">0 (first) to 15.</param>
/// <param name="TrialsOnly">Available, but its breaker lets only trials through.</param>
/// <param name="Draining">Not available because it drains: not even when a pool panics.</param>
public readonly record struct Candidate(
    EndpointCell Cell,
    int Weight = 1,
    double Factor = 1,
    bool Degraded = false,
    bool Available = true,
    string? Zone = null,
    bool Held = false,
    int Priority = 0,
    bool TrialsOnly = false,
    bool Draining = false);
