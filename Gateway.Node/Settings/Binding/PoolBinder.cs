using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using Gateway.Core.Addressing;
using Gateway.Core.Analytics;
using Gateway.Core.Balancing;
using Gateway.Core.Breaking;
using Gateway.Core.Connecting;
using Gateway.Core.Endpoints;
using Gateway.Core.Health;
using Gateway.Core.Outcomes;
using Gateway.Core.Pools;
using Gateway.Core.Retrying;
using Gateway.Node.Settings.Sections;

namespace Gateway.Node.Settings.Binding;

/// <summary>Creates the pools. For the pool <c>default</c>, flags and variables override its section; see <c>SettingsLoader</c>.</summary>
internal sealed class PoolBinder(GatewayFile file, LayeredSettings given, Faults faults)
{
    private static readonly PoolSettings Defaults = new() { Name = PoolSettings.DefaultName, Endpoints = [] };

    public ImmutableArray<PoolSettings> Bind()
    {
        var pools = file.Pools?.ToDictionary(p => p.Key, p => p.Value ?? new(), StringComparer.Ordinal) ?? [];
        if (file.RelayEndpoints is not null)
        {
            pools.TryAdd(PoolSettings.DefaultName, new());
        }

        return [.. pools.Select(p => Pool(p.Key, p.Value))];
    }

    private PoolSettings Pool(string name, PoolSection section)
    {
        if (name == SeriesKey.None)
        {
            faults.Add("pools", given.Where($"pools.{name}"), "is a reserved name; choose another");
        }

        var connections = ConnectionsBinder.Bind(name, section, given, faults);
        var pool = new PoolSettings
        {
            Name = name,
            Endpoints = Endpoints(name, section),
            Strategy = StrategyNames.TryParse(Choose(name, "loadBalancing", section.Strategy, file.LoadBalancing) ?? "", out var strategy)
                ? strategy
                : Defaults.Strategy,
            HashBalanceFactor = HashBalanceFactor(name, section.HashBalanceFactor ?? Defaults.HashBalanceFactor),
            Health = Health(name, section.Health ?? new(), connections),
            Breaker = Breaker(name, section.Breaker ?? new()),
            Retry = Retry(name, section.Retry ?? new()),
            Timeouts = Timeouts(name, section.Timeouts ?? new()),
            Connections = connections,
            SlowStart = new()
            {
                Window = section.SlowStart?.Window ?? Defaults.SlowStart.Window,
                Aggression = section.SlowStart?.Aggression ?? Defaults.SlowStart.Aggression,
            },
            Outliers = section.Outliers is { } outliers ? OutlierBinder.Bind(name, outliers, given, faults) : null,
            AdaptiveConcurrency = section.AdaptiveConcurrency is { } limit ? ConcurrencyBinder.Bind(name, limit, given, faults) : null,
            Zones = new() { MinEndpoints = section.Zones?.MinEndpoints ?? Defaults.Zones.MinEndpoints },
            Host = Host(section.Host),
            PanicThreshold = section.PanicThreshold ?? Defaults.PanicThreshold,
            MaxConcurrency = section.MaxConcurrency,
        };
        WarnOfNoEffect(pool);
        return pool;
    }

    /// <summary>Warns of accepted settings that have no effect in this pool.</summary>
    private void WarnOfNoEffect(PoolSettings pool)
    {
        if (pool.HashBalanceFactor > 0 && pool.Strategy is not (Strategy.IpHash or Strategy.Maglev))
        {
            faults.Warn(given.Where($"pools.{pool.Name}.hashBalanceFactor"),
                $"has no effect with strategy {pool.Strategy.Name()}; it applies to ip-hash and maglev");
        }

        if (pool.Retry.GrpcStatuses != default && pool.Connections.Protocol != BackendProtocol.Http2)
        {
            faults.Warn(given.Where($"pools.{pool.Name}.retry.grpcStatuses"), "has no effect without protocol http2, which gRPC requires");
        }

        if (pool.SlowStart.Window > TimeSpan.Zero && pool.Strategy is Strategy.IpHash or Strategy.Maglev)
        {
            faults.Warn(given.Where($"pools.{pool.Name}.slowStart"),
                $"has no effect with strategy {pool.Strategy.Name()}, where it would keep moving clients between endpoints; it applies to round-robin, weighted, least-connections, p2c, random, health-based and peak-ewma");
        }
    }

    /// <summary>The section's value or the top-level one; for the pool <c>default</c>, a flag's or variable's first.</summary>
    private T? Choose<T>(string pool, string key, T? section, T? top) =>
        pool == PoolSettings.DefaultName && given.Wins(key) ? top : section ?? top;

    private int HashBalanceFactor(string pool, int percent)
    {
        if (percent is > 0 and < LoadBound.MinPercent)
        {
            faults.Add("pools", given.Where($"pools.{pool}.hashBalanceFactor"),
                $"'{percent}' leaves no room above the average; allowed: 0 (off), or {LoadBound.MinPercent} to {LoadBound.MaxPercent}");
        }

        return percent;
    }

    private static TimeSpan? Milliseconds(int? value) => value is { } ms ? TimeSpan.FromMilliseconds(ms) : null;

    private ImmutableArray<EndpointSettings> Endpoints(string pool, PoolSection section)
    {
        var isDefault = pool == PoolSettings.DefaultName;
        if (isDefault && file.RelayEndpoints is { } relay)
        {
            if (section.Endpoints is not null && !given.Wins("relayEndpoints"))
            {
                faults.Add("relayEndpoints", given.Where("relayEndpoints"), "conflicts with pools.default.endpoints; set only one of them");
            }

            return Distinct(relay.Select((text, i) => text is null ? null : Relay($"relayEndpoints[{i}]", text)));
        }

        var path = $"pools.{pool}.endpoints";
        return Distinct((section.Endpoints ?? []).Select((e, i) => e?.Address is null ? null : Listed($"{path}[{i}]", e)));
    }

    private Placed? Relay(string path, string text)
    {
        if (text.Length == 0)
        {
            faults.Add("relayEndpoints", given.Where(path), "the list has an empty item; allowed: http://host:port,http://host:port");
            return null;
        }

        if (EndpointText.Parse(text, out var fault) is { } endpoint)
        {
            return new(path, text, endpoint);
        }

        faults.Add("relayEndpoints", given.Where(path), $"{Faults.Quote(text)} {fault}");
        return null;
    }

    private Placed? Listed(string path, EndpointSection section)
    {
        if (EndpointAddress.TryParse(section.Address!, out var address, out var fault))
        {
            return new($"{path}.address", section.Address!, new(
                address, section.Weight ?? 1, section.Zone, section.Priority ?? 0, section.MaxConcurrency));
        }

        faults.Add("pools", given.Where($"{path}.address"), $"{Faults.Quote(section.Address!)} {fault}");
        return null;
    }

    private ImmutableArray<EndpointSettings> Distinct(IEnumerable<Placed?> endpoints)
    {
        var first = new Dictionary<EndpointAddress, Placed>();
        foreach (var endpoint in endpoints.OfType<Placed>())
        {
            if (!first.TryAdd(endpoint.Settings.Address, endpoint))
            {
                faults.Add(LayeredSettings.KeyOf(endpoint.Path), given.Where(endpoint.Path),
                    $"{Faults.Quote(endpoint.Text)} is the same endpoint as {Faults.Quote(first[endpoint.Settings.Address].Text)}; allowed: each address once");
            }
        }

        return [.. first.Values.Select(e => e.Settings)];
    }

    private HealthPolicy Health(string pool, HealthSection section, ConnectionPolicy connections)
    {
        var probe = Defaults.Health.Probe;
        var interval = Choose(pool, "healthCheckIntervalMs", section.Interval, Milliseconds(file.HealthCheckIntervalMs)) ?? Defaults.Health.Interval;
        var timeout = section.Timeout ?? probe.Timeout;
        if (section.FastInterval > interval && !faults.Hold($"pools.{pool}.health.interval") && !faults.Touch("healthCheckIntervalMs"))
        {
            var path = $"pools.{pool}.health.fastInterval";
            faults.Add("pools", given.Where(path), $"'{section.FastInterval:c}' is longer than the interval; allowed: up to {interval:c}");
        }

        var (from, to) = Statuses(pool, section.ExpectedStatus);
        return new()
        {
            Probe = new()
            {
                Kind = section.Kind is { } kind ? Enum.Parse<ProbeKind>(kind, ignoreCase: true) : probe.Kind,
                Path = section.Path ?? probe.Path,
                Host = section.Host,
                Service = section.Service ?? probe.Service,
                StatusFrom = from,
                StatusTo = to,
                BodyContains = section.ExpectedBody,
                Protocol = connections.Protocol,
                ProxyProtocol = connections.ProxyProtocol,
                Tls = connections.Tls,
                Timeout = timeout < interval ? timeout : interval,
            },
            Interval = interval,
            FastInterval = section.FastInterval,
            DownInterval = section.DownInterval,
            UnhealthyThreshold = section.UnhealthyThreshold ?? Defaults.Health.UnhealthyThreshold,
            HealthyThreshold = section.HealthyThreshold ?? Defaults.Health.HealthyThreshold,
            DegradedLatency = section.DegradedLatency,
        };
    }

    private (int From, int To) Statuses(string pool, string? range)
    {
        if (range is null)
        {
            return (Defaults.Health.Probe.StatusFrom, Defaults.Health.Probe.StatusTo);
        }

        var ends = range.Split('-').Select(s => int.Parse(s, CultureInfo.InvariantCulture)).ToList();
        if (ends[0] > ends[^1])
        {
            faults.Add("pools", given.Where($"pools.{pool}.health.expectedStatus"),
                $"{Faults.Quote(range)} is in the wrong order; allowed: from-to with from <= to, as in 200-299");
        }

        return (ends[0], ends[^1]);
    }

    private BreakerPolicy Breaker(string pool, BreakerSection section)
    {
        var policy = new BreakerPolicy
        {
            Threshold = Choose(pool, "circuitBreakerThreshold", section.Threshold, file.CircuitBreakerThreshold) ?? Defaults.Breaker.Threshold,
            FailureStatuses = section.FailureStatuses is { } statuses ? [.. statuses.OfType<int>()] : Defaults.Breaker.FailureStatuses,
            GrpcFailureStatuses = GrpcStatusesOf(section.GrpcFailureStatuses) ?? Defaults.Breaker.GrpcFailureStatuses,
            Break = section.Break ?? Defaults.Breaker.Break,
            MaxBreak = section.MaxBreak ?? Defaults.Breaker.MaxBreak,
            HalfOpenMaxCalls = section.HalfOpenMaxCalls ?? Defaults.Breaker.HalfOpenMaxCalls,
            HalfOpenSuccesses = section.HalfOpenSuccesses ?? Defaults.Breaker.HalfOpenSuccesses,
            FailureRatePercent = section.FailureRate?.Percent,
            FailureRateWindow = section.FailureRate?.Window ?? Defaults.Breaker.FailureRateWindow,
            FailureRateMinimum = section.FailureRate?.Minimum ?? Defaults.Breaker.FailureRateMinimum,
        };
        if (policy.MaxBreak < policy.Break)
        {
            // A break longer than the default of maxBreak is reasonable by itself; a default must not cause an error.
            if (section.MaxBreak is null)
            {
                return policy with { MaxBreak = policy.Break };
            }

            if (faults.Hold($"pools.{pool}.breaker.break"))
            {
                return policy;
            }

            faults.Add("pools", given.Where($"pools.{pool}.breaker.maxBreak"),
                $"'{policy.MaxBreak:c}' is shorter than break; allowed: {policy.Break:c} or more");
        }

        return policy;
    }

    private RetryPolicy Retry(string pool, RetrySection section) => new()
    {
        Attempts = Choose(pool, "retryAttempts", section.Attempts, file.RetryAttempts) ?? Defaults.Retry.Attempts,
        BudgetPercent = section.BudgetPercent ?? Defaults.Retry.BudgetPercent,
        BudgetMinimum = section.BudgetMinimum ?? Defaults.Retry.BudgetMinimum,
        Statuses = section.Statuses is { } statuses ? [.. statuses.OfType<int>()] : Defaults.Retry.Statuses,
        GrpcStatuses = GrpcStatusesOf(section.GrpcStatuses) ?? Defaults.Retry.GrpcStatuses,
        MaxKeptBody = section.MaxKeptBody ?? Defaults.Retry.MaxKeptBody,
    };

    private static GrpcStatusSet? GrpcStatusesOf(IReadOnlyList<string?>? names) =>
        names is null ? null : GrpcStatusSet.Of([.. names.OfType<string>().Select(GrpcStatuses.Named).OfType<GrpcStatus>()]);

    private TimeoutPolicy Timeouts(string pool, TimeoutsSection section)
    {
        var policy = new TimeoutPolicy
        {
            Request = Choose(pool, "requestTimeoutMs", section.Request, Milliseconds(file.RequestTimeoutMs)) ?? Defaults.Timeouts.Request,
            Try = section.Try ?? Defaults.Timeouts.Try,
            Idle = section.Idle ?? Defaults.Timeouts.Idle,
        };
        if (section.Try > policy.EffectiveTry && !faults.Hold($"pools.{pool}.timeouts.request") && !faults.Touch("requestTimeoutMs"))
        {
            faults.Warn(given.Where($"pools.{pool}.timeouts.try"),
                $"'{section.Try:c}' is more than half the request timeout; using {policy.EffectiveTry:c}");
        }

        return policy;
    }

    private static HostPolicy Host(JsonNode? host) => host switch
    {
        JsonValue word when (string?)word == "endpoint" => new(HostMode.Endpoint),
        JsonObject fixedHost => new(HostMode.Fixed, (string?)fixedHost["value"]),
        _ => HostPolicy.Preserve,
    };

    /// <summary>An endpoint with its place and its text.</summary>
    private sealed record Placed(string Path, string Text, EndpointSettings Settings);
}
