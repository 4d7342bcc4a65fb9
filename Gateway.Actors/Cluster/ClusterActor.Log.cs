using Gateway.Actors.Surroundings;
using Gateway.Core.Addressing;
using Gateway.Core.Membership;
using Microsoft.Extensions.Logging;

namespace Gateway.Actors.Cluster;

public sealed partial class ClusterActor
{
    private static partial class Log
    {
        [LoggerMessage(80, LogLevel.Information, "cluster: no seed is in a cluster; forming one at {Address}", EventName = "cluster-forming")]
        public static partial void Forming(ILogger logger, HostPort address);

        [LoggerMessage(81, LogLevel.Information, "cluster: joining via seed {Seed}", EventName = "cluster-joining")]
        public static partial void Joining(ILogger logger, HostPort seed);

        [LoggerMessage(EventId = 82, EventName = "cluster-changed", Message = "cluster: {Replica} in zone {Zone} {What}; {Gateways} gateways")]
        public static partial void Changed(ILogger logger, LogLevel level, string replica, string zone, string what, int gateways);

        [LoggerMessage(83, LogLevel.Warning, "cluster: {Size} gateways here, {Other} in the cluster of {Seed}; leaving this one to join that one", EventName = "cluster-yielding")]
        public static partial void Yielding(ILogger logger, int size, int other, HostPort seed);

        [LoggerMessage(84, LogLevel.Warning, "cluster: refused by {Replica}, which has removed this replica; rejoining", EventName = "cluster-refused")]
        public static partial void Refused(ILogger logger, string replica);

        [LoggerMessage(85, LogLevel.Warning, "cluster: left the cluster ({Reason}); still serving, rejoining", EventName = "cluster-rejoining")]
        public static partial void Rejoining(ILogger logger, string reason);

        [LoggerMessage(86, LogLevel.Error, "cluster: cannot listen on {Address}: {Reason}; still serving, retrying", EventName = "cluster-not-listening")]
        public static partial void NotStarted(ILogger logger, string address, string reason);

        [LoggerMessage(87, LogLevel.Error, "cluster: the previous actor system did not stop within {Seconds} s; continuing without waiting for it", EventName = "cluster-system-abandoned")]
        public static partial void Abandoned(ILogger logger, double seconds);

        [LoggerMessage(89, LogLevel.Information, "cluster: left", EventName = "cluster-left")]
        public static partial void Left(ILogger logger);

        [LoggerMessage(92, LogLevel.Warning, "cluster: {Replica} uses protocol version {Theirs}, this replica version {Ours}: some messages are not understood; upgrade one release at a time", EventName = "cluster-protocol-differs")]
        public static partial void OtherProtocol(ILogger logger, string replica, int theirs, int ours);

        public static string Words(RejoinReason why) => why switch
        {
            RejoinReason.Downed => "downed",
            RejoinReason.Failed => "the actor system stopped",
            RejoinReason.Refused => "refused by a member",
            RejoinReason.Yielded => "to join a larger one",
            _ => throw new ArgumentOutOfRangeException(nameof(why), why, null),
        };

        /// <summary>Returns Warning for an unreachable replica, since a dead one logs no other line.</summary>
        public static LogLevel LevelOf(ViewChangeKind what) => what == ViewChangeKind.Unreachable ? LogLevel.Warning : LogLevel.Information;

        public static string Words(ViewChangeKind what) => what switch
        {
            ViewChangeKind.Joined => "joined",
            ViewChangeKind.Unreachable => "is unreachable",
            ViewChangeKind.Reachable => "is reachable again",
            ViewChangeKind.Left => "left or was removed",
            _ => throw new ArgumentOutOfRangeException(nameof(what), what, null),
        };
    }
}
