using Gateway.Core.Endpoints;

namespace Gateway.Core.Balancing;

/// <summary>
/// What sending one more attempt to an endpoint is taken to cost; pickers that compare prefer the lowest. Static and implemented by
/// structs, so that each strategy gets code of its own without a call per endpoint.
/// </summary>
public interface ICost
{
    /// <returns>Not negative; only the order matters.</returns>
    /// <param name="weight">The endpoint's weight, slow start counted in.</param>
    static abstract double Of(EndpointCell cell, double weight, TimeSpan now);
}
