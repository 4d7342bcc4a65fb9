using Gateway.Core.Cells;

namespace Gateway.Core.Balancing;

/// <summary>
/// What sending one more attempt to an endpoint is taken to cost; pickers that compare prefer the lowest. Static and implemented by
/// structs, so that each strategy gets code of its own without a call per endpoint.
/// </summary>
public interface ICost
{
    /// <returns>Before it is divided by the endpoint's weight; not negative.</returns>
    static abstract double Of(EndpointCell cell, TimeSpan now);
}
