using Akka.Actor;
using Gateway.Actors.Surroundings;

namespace Gateway.Actors.Supervision;

/// <summary>
/// The strategy for crashes: an actor is restarted, with its mailbox. One that cannot start, or crashes repeatedly, is stopped
/// instead, so that no crash loops at full speed: its supervisor recreates it after a while.
/// </summary>
internal static class RestartStrategy
{
    /// <summary>Maximum crashes of one actor within <see cref="Within"/>.</summary>
    private const int Crashes = 10;

    private static readonly TimeSpan Within = TimeSpan.FromSeconds(10);

    /// <param name="kind">See <see cref="ActorOutage.Kind"/>.</param>
    /// <param name="crashed">Logs the crash.</param>
    public static SupervisorStrategy Of(Vitals vitals, string kind, Action<Exception> crashed) => new OneForOneStrategy(Crashes, Within, cause =>
    {
        vitals.Crashed(kind);
        crashed(cause);
        return cause is ActorInitializationException or ActorKilledException ? Directive.Stop : Directive.Restart;
    });
}
