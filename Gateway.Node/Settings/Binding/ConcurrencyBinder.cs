using Gateway.Core.Overload;
using Gateway.Node.Settings.Sections;

namespace Gateway.Node.Settings.Binding;

/// <summary>Makes what a pool's adaptive limit goes by.</summary>
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
            // What nobody wrote must not be at fault.
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
