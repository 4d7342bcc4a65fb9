using Gateway.Core.Balancing;
using Gateway.Core.Endpoints;
using Gateway.Core.Outcomes;

namespace Gateway.Node.Proxying;

/// <summary>What a request came to.</summary>
/// <param name="Endpoint">Who was sent the last attempt; null when there was none.</param>
/// <param name="Report">How that attempt ended.</param>
/// <param name="Pick">What the first pick came to.</param>
public readonly record struct RequestEnding(EndpointCell? Endpoint, AttemptReport Report, PickKind Pick);
