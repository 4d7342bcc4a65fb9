using Gateway.Core.Addressing;
using Gateway.Core.Evidence;
using Microsoft.Extensions.Logging;

namespace Gateway.Actors.Local;

public sealed partial class RouterActor
{
    private static partial class Log
    {
        [LoggerMessage(EventId = 20, EventName = "availability-changed", Message = "pool {Pool}: {Available} of {Total} endpoints available")]
        public static partial void Availability(ILogger logger, LogLevel level, string pool, int available, int total);

        [LoggerMessage(24, LogLevel.Warning, "pool {Pool}: {What}", EventName = "panic-changed")]
        public static partial void Panic(ILogger logger, string pool, string what);

        [LoggerMessage(26, LogLevel.Warning, "{Endpoint} kept in rotation: ejection cap reached (peers asked for {Wanted})", EventName = "ejection-capped")]
        public static partial void Capped(ILogger logger, EndpointId endpoint, string wanted);

        [LoggerMessage(21, LogLevel.Information, "{Endpoint} joined", EventName = "endpoint-joined")]
        public static partial void Joined(ILogger logger, EndpointId endpoint);

        [LoggerMessage(22, LogLevel.Information, "{Endpoint} left with {InFlight} attempts in flight", EventName = "endpoint-left")]
        public static partial void Left(ILogger logger, EndpointId endpoint, int inFlight);

        [LoggerMessage(25, LogLevel.Information, "pool {Pool}: routing by zone is {What}", EventName = "zone-routing-changed")]
        public static partial void Zones(ILogger logger, string pool, string what);

        [LoggerMessage(28, LogLevel.Information, "pool {Pool}: {What}", EventName = "priorities-changed")]
        public static partial void Levels(ILogger logger, string pool, string what);

        [LoggerMessage(29, LogLevel.Warning, "{Endpoint} is an outlier ({Why}): {What}", EventName = "outlier-judged")]
        public static partial void Outlier(ILogger logger, EndpointId endpoint, string why, string what);

        [LoggerMessage(23, LogLevel.Error, "an endpoint actor of pool {Pool} crashed; restarting it", EventName = "endpoint-actor-crashed")]
        public static partial void EndpointCrashed(ILogger logger, Exception cause, string pool);

        [LoggerMessage(27, LogLevel.Error, "the actor of {Endpoint} keeps crashing; restarting it in {Delay:0} s, without probes until then", EventName = "endpoint-actor-stopped")]
        public static partial void EndpointEnded(ILogger logger, EndpointId endpoint, double delay);

        public static string Words(Standing wanted) => wanted switch
        {
            Standing.Out => "ejected",
            Standing.Held => "held",
            _ => "in",
        };
    }
}
