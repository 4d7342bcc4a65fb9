using Gateway.Core.Membership;
using Microsoft.Extensions.Logging;

namespace Gateway.Actors.Cluster;

public sealed partial class ClusterActor
{
    private static partial class Log
    {
        [LoggerMessage(80, LogLevel.Information, "cluster: in none of the seeds' clusters; forms one at {Address}")]
        public static partial void Forming(ILogger logger, string address);

        [LoggerMessage(81, LogLevel.Information, "cluster: joins by {Seed}")]
        public static partial void Joining(ILogger logger, string seed);

        [LoggerMessage(EventId = 82, Message = "cluster: {Replica} in zone {Zone} {What}; {Gateways} gateways")]
        public static partial void Changed(ILogger logger, LogLevel level, string replica, string zone, string what, int gateways);

        [LoggerMessage(83, LogLevel.Warning, "cluster: {Size} gateways here, {Other} in that of {Seed}: leaves this one and joins that")]
        public static partial void Yielding(ILogger logger, int size, int other, string seed);

        [LoggerMessage(84, LogLevel.Warning, "cluster: refused by {Replica}, which has removed this one; joins anew")]
        public static partial void Refused(ILogger logger, string replica);

        [LoggerMessage(85, LogLevel.Warning, "cluster: out of it ({Reason}); serves on, and joins anew")]
        public static partial void Rejoining(ILogger logger, RejoinReason reason);

        [LoggerMessage(86, LogLevel.Error, "cluster: cannot listen on {Address}; serves on, and tries again: {Reason}")]
        public static partial void NotStarted(ILogger logger, string address, string reason);

        [LoggerMessage(87, LogLevel.Error, "cluster: the old system has not ended within {Seconds} s and is left to itself")]
        public static partial void Abandoned(ILogger logger, double seconds);

        [LoggerMessage(89, LogLevel.Information, "cluster: left")]
        public static partial void Left(ILogger logger);

        [LoggerMessage(92, LogLevel.Warning, "cluster: {Replica} speaks version {Theirs} of the protocol and this replica version {Ours}: not all they tell each other is understood; upgrade one release at a time")]
        public static partial void OtherProtocol(ILogger logger, string replica, int theirs, int ours);

        /// <summary>A replica that has died shows by not being heard from: a warning, and the only line about it.</summary>
        public static LogLevel LevelOf(ViewChangeKind what) => what == ViewChangeKind.Unreachable ? LogLevel.Warning : LogLevel.Information;

        public static string Words(ViewChangeKind what) => what switch
        {
            ViewChangeKind.Joined => "has joined",
            ViewChangeKind.Unreachable => "is not heard from",
            ViewChangeKind.Reachable => "is heard from again",
            ViewChangeKind.Left => "has left or was given up",
            _ => throw new ArgumentOutOfRangeException(nameof(what), what, null),
        };
    }
}
