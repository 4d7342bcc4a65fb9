using Akka.Actor;

namespace Gateway.Actors;

/// <summary>Timers for moments that may have passed while they were worked out: Akka throws where a delay is negative, and the actor is gone.</summary>
internal static class TimerExtensions
{
    /// <summary>Like <c>StartSingleTimer</c>, but a delay below zero is none.</summary>
    public static void StartIn(this ITimerScheduler timers, object key, object message, TimeSpan delay) =>
        timers.StartSingleTimer(key, message, delay > TimeSpan.Zero ? delay : TimeSpan.Zero);
}
