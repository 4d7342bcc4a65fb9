using Gateway.Core.Overload;
using Gateway.Node.Settings.Sections;

namespace Gateway.Node.Settings.Binding;

/// <summary>Creates a pool's adaptive limit policy.</summary>
internal static class ConcurrencyBinder
{
    public static ConcurrencyPolicy Bind(string pool, AdaptiveConcurrencySection section, LayeredSettings given, Faults faults)
    {
        var defaults = ConcurrencyPolicy.Default;
        var policy = new ConcurrencyPolicy
        {
            Min = section.Min ?? defaults.Min,
            Max = section.Max ?? defaults.Max,
            Tolerance = section.Tolerance ?? defaults.Tolerance,
        };
        if (policy.Max < policy.Min)
        {
            // A default must not cause an error.
            if (section.Max is null)
            {
                return policy with { Max = policy.Min };
            }

            if (section.Min is null)
            {
                return policy with { Min = policy.Max };
            }

            if (!faults.Hold($"pools.{pool}.adaptiveConcurrency.min"))
            {
                faults.Add("pools", given.Where($"pools.{pool}.adaptiveConcurrency.max"), $"'{policy.Max}' is less than min; allowed: {policy.Min} or more");
            }
        }

        return policy;
    }
}
