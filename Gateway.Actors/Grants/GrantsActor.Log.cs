using Gateway.Core.Addressing;
using Gateway.Core.Membership;
using Microsoft.Extensions.Logging;

namespace Gateway.Actors.Grants;

public sealed partial class GrantsActor
{
    private static partial class Log
    {
        [LoggerMessage(56, LogLevel.Debug, "{Endpoint} trial granted to {Replica}", EventName = "trial-granted")]
        public static partial void Given(ILogger logger, EndpointId endpoint, ReplicaId replica);

        [LoggerMessage(57, LogLevel.Warning, "{Endpoint} grant of {Replica} expired without a report", EventName = "trial-grant-expired")]
        public static partial void Expired(ILogger logger, EndpointId endpoint, ReplicaId replica);

        [LoggerMessage(58, LogLevel.Warning, "{Granter} does not answer; sending trials to {Endpoint} without a grant", EventName = "trial-grant-unanswered")]
        public static partial void Unanswered(ILogger logger, ReplicaId granter, EndpointId endpoint);
    }
}
