using Gateway.Core.Cells;

namespace Gateway.Core.Balancing;

/// <summary>
/// The estimated cost of sending another attempt to an endpoint; pickers prefer the lowest. Static, and implemented by structs,
/// so that each strategy gets specialized code without a call per endpoint.
/// </summary>
public interface ICost
{
    /// <returns>The cost before division by the endpoint's weight; not negative.</returns>
    static abstract double Of(EndpointCell cell, TimeSpan now);
}
