using Gateway.Core.Cells;

namespace Gateway.Core.Balancing;

/// <summary>An endpoint of the pool as the router sees it when it builds a picker.</summary>
/// <param name="Cell">The endpoint.</param>
/// <param name="Weight">The configured weight, 1 to 256.</param>
/// <param name="Factor">The slow-start factor applied to the weight: above 0, at most 1.</param>
/// <param name="Degraded">Healthy, but slow or self-reported as degraded: <c>health-based</c> picks it only when no other is left.</param>
/// <param name="Available">
/// Whether it may be picked. Unavailable ones are listed so that hash tables stay the same during an ejection.
/// </param>
/// <param name="Zone">Its failure domain; null if none.</param>
/// <param name="Held">Available, but picked only if no other endpoint is.</param>
/// <param name="Priority">0 (first) to 15.</param>
/// <param name="TrialsOnly">Available, but its breaker lets only trials through.</param>
/// <param name="Draining">Unavailable because it is draining: not picked even in panic.</param>
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
    bool Draining = false)
{
    /// <summary>Whether it gets its share of the requests, and not only what no other endpoint takes.</summary>
    public bool InRotation => Available && !Held;

    /// <summary>Whether a picker uses it: in panic all but the draining ones.</summary>
    public bool IsUsed(bool panic) => panic ? !Draining : Available;
}
