using Gateway.Core.Addressing;
using Gateway.Core.Breaking;
using Gateway.Core.Health;
using Microsoft.Extensions.Logging;

namespace Gateway.Actors.Local;

public sealed partial class EndpointActor
{
    private static partial class Log
    {
        [LoggerMessage(EventId = 10, EventName = "verdict-changed", Message = "{Endpoint} verdict {From} -> {To}: {Why}")]
        public static partial void VerdictChanged(ILogger logger, LogLevel level, EndpointId endpoint, Verdict from, Verdict to, string why);

        [LoggerMessage(EventId = 11, EventName = "breaker-moved", Message = "{Endpoint} breaker {From} -> {To} (epoch {Epoch}): {Why}")]
        public static partial void BreakerMoved(
            ILogger logger, LogLevel level, EndpointId endpoint, BreakerPhase from, BreakerPhase to, uint epoch, string why);

        [LoggerMessage(EventId = 13, EventName = "decision-changed", Message = "{Endpoint} {From} -> {Decision}")]
        public static partial void Decided(ILogger logger, LogLevel level, EndpointId endpoint, string from, string decision);

        [LoggerMessage(12, LogLevel.Warning, "{Endpoint} trials of epoch {Epoch} did not report; releasing their permits", EventName = "trials-lost")]
        public static partial void TrialsLost(ILogger logger, EndpointId endpoint, uint epoch);
    }
}
