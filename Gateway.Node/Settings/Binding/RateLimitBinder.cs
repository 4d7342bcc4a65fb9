using Gateway.Node.Limiting;
using Gateway.Node.Settings.Sections;

namespace Gateway.Node.Settings.Binding;

/// <summary>Creates rate limits, with checks beyond the schema.</summary>
internal static class RateLimitBinder
{
    private const string Header = "header:";

    /// <param name="fault">Receives a key below the limit and its error.</param>
    public static RateLimitSettings? Of(RateLimitSection? limit, Action<string, string> fault)
    {
        if (limit?.Requests is not { } requests)
        {
            return null;
        }

        var isByField = limit.By?.StartsWith(Header, StringComparison.Ordinal) == true;
        var settings = new RateLimitSettings
        {
            Requests = requests,
            Per = limit.Per ?? TimeSpan.FromSeconds(1),
            Burst = limit.Burst ?? Math.Max(1, requests),
            By = isByField ? RateLimitKey.Header : limit.By == "route" ? RateLimitKey.Route : limit.By == "certificate" ? RateLimitKey.Certificate : RateLimitKey.Client,
            Field = isByField ? limit.By![Header.Length..] : null,
            MaxKeys = limit.MaxKeys ?? DefaultMaxKeys,
            Ipv6Prefix = limit.Ipv6Prefix ?? DefaultIpv6Prefix,
        };
        if (RouteActionBinder.PlaneFaultOf(settings.Field) is { } what)
        {
            fault("by", what);
        }

        if (requests > 0 && settings.Filling > RateLimitSettings.MaxFillTime)
        {
            fault("burst", $"'{settings.Burst}' takes {(long)settings.Filling.TotalDays} days to refill at this rate; allowed: a burst that refills within {RateLimitSettings.MaxFillTime.Days} days");
        }

        return settings;
    }

    private static int DefaultMaxKeys { get; } = new RateLimitSettings { Requests = 0 }.MaxKeys;

    private static int DefaultIpv6Prefix { get; } = new RateLimitSettings { Requests = 0 }.Ipv6Prefix;
}
