using Gateway.Core.Outliers;
using Gateway.Node.Settings.Sections;

namespace Gateway.Node.Settings.Binding;

/// <summary>Creates a pool's outlier detection policy.</summary>
internal static class OutlierBinder
{
    public static OutlierPolicy Bind(string pool, OutliersSection section, LayeredSettings given, Faults faults)
    {
        var defaults = OutlierPolicy.Default;
        var policy = new OutlierPolicy
        {
            Interval = section.Interval ?? defaults.Interval,
            MinEndpoints = section.MinEndpoints ?? defaults.MinEndpoints,
            MinRequests = section.MinRequests ?? defaults.MinRequests,
            BaseEjection = section.BaseEjection ?? defaults.BaseEjection,
            MaxEjection = section.MaxEjection ?? defaults.MaxEjection,
            MaxEjectionPercent = section.MaxEjectionPercent ?? defaults.MaxEjectionPercent,
        };
        if (policy.MaxEjection < policy.BaseEjection)
        {
            // As for the breaker: a default must not cause an error.
            if (section.MaxEjection is null)
            {
                return policy with { MaxEjection = policy.BaseEjection };
            }

            if (!faults.Hold($"pools.{pool}.outliers.baseEjection"))
            {
                faults.Add("pools", given.Where($"pools.{pool}.outliers.maxEjection"), $"'{policy.MaxEjection:c}' is shorter than baseEjection; allowed: {policy.BaseEjection:c} or more");
            }
        }

        return policy;
    }
}
