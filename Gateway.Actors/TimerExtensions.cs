using Akka.Actor;

namespace Gateway.Actors;

/// <summary>Timers for times that may have passed already: Akka throws on a negative delay, which would end the actor.</summary>
internal static class TimerExtensions
{
    /// <summary>Like <c>StartSingleTimer</c>, but treats a negative delay as zero.</summary>
    public static void StartIn(this ITimerScheduler timers, object key, object message, TimeSpan delay) =>
        timers.StartSingleTimer(key, message, delay > TimeSpan.Zero ? delay : TimeSpan.Zero);
}
