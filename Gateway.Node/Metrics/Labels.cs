using System.Globalization;
using Gateway.Actors.Surroundings;
using Gateway.Core.Breaking;
using Gateway.Core.Outcomes;

namespace Gateway.Node.Metrics;

/// <summary>The nine standard methods, and <c>OTHER</c> for all others, so that clients cannot create labels.</summary>
internal static class MethodLabel
{
    private static readonly string[] Names = ["GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT", "OTHER"];

    public static int Count => Names.Length;

    public static string Name(int index) => Names[index];

    public static int IndexOf(string method) => method switch
    {
        "GET" => 0,
        "HEAD" => 1,
        "POST" => 2,
        "PUT" => 3,
        "DELETE" => 4,
        "PATCH" => 5,
        "OPTIONS" => 6,
        "TRACE" => 7,
        "CONNECT" => 8,
        _ => 9,
    };
}

/// <summary>A status as a label: its code, or <c>other</c> outside 100 to 599.</summary>
internal static class StatusLabel
{
    public const int Count = 600;

    public static int IndexOf(int status) => status is >= 100 and < Count ? status : 0;

    public static string Name(int index) => index == 0 ? "other" : index.ToString(CultureInfo.InvariantCulture);
}

/// <summary>The class of a status as a label: <c>1xx</c> to <c>5xx</c>, or <c>other</c> outside 100 to 599.</summary>
internal static class StatusClassLabel
{
    private static readonly string[] Names = ["other", "1xx", "2xx", "3xx", "4xx", "5xx"];

    public static int Count => Names.Length;

    public static int IndexOf(int status) => status is >= 100 and < 600 ? status / 100 : 0;

    public static string Name(int index) => Names[index];
}

/// <summary>A priority of endpoints, 0 to 15.</summary>
internal static class PriorityLabel
{
    public static string Name(int priority) => priority.ToString(CultureInfo.InvariantCulture);
}

/// <summary>The closed set of reasons for failures.</summary>
internal static class ReasonLabel
{
    public static string Of(FailureReason reason) => reason switch
    {
        FailureReason.None => "none",
        FailureReason.Connect => "connect",
        FailureReason.Tls => "tls",
        FailureReason.Refused => "refused",
        FailureReason.Reset => "reset",
        FailureReason.Body => "body",
        FailureReason.Malformed => "malformed",
        FailureReason.Timeout => "timeout",
        FailureReason.Status => "status",
        FailureReason.Abandoned => "abandoned",
        _ => throw new ArgumentOutOfRangeException(nameof(reason), reason, null),
    };
}

/// <summary>The breaker's phase as the value of its state gauge.</summary>
internal static class PhaseLabel
{
    /// <summary>0 closed, 0.5 half-open, 1 open.</summary>
    public static double Value(BreakerPhase phase) => phase switch
    {
        BreakerPhase.Closed => 0,
        BreakerPhase.HalfOpen => 0.5,
        _ => 1,
    };
}

internal static class ClusterLabel
{
    public static string Of(RejoinReason reason) => reason switch
    {
        RejoinReason.Downed => "downed",
        RejoinReason.Refused => "refused",
        RejoinReason.Yielded => "yielded",
        RejoinReason.Failed => "failed",
        _ => throw new ArgumentOutOfRangeException(nameof(reason), reason, null),
    };
}
