using Akka.Actor;
using Gateway.Actors.Surroundings;

namespace Gateway.Actors.Supervision;

/// <summary>
/// What becomes of an actor that crashes: it is restarted, with its mailbox. One that cannot even start, or crashes again and again, is stopped
/// instead, so that no crash loops at full speed: its supervisor hears of its end and makes it again after a while.
/// </summary>
internal static class RestartStrategy
{
    /// <summary>How often one actor may crash within <see cref="Within"/>.</summary>
    private const int Crashes = 10;

    private static readonly TimeSpan Within = TimeSpan.FromSeconds(10);

    /// <param name="kind">See <see cref="ActorOutage.Kind"/>.</param>
    /// <param name="crashed">Logs it.</param>
    public static SupervisorStrategy Of(Vitals vitals, string kind, Action<Exception> crashed) => new OneForOneStrategy(Crashes, Within, cause =>
    {
        vitals.Crashed(kind);
        crashed(cause);
        return cause is ActorInitializationException or ActorKilledException ? Directive.Stop : Directive.Restart;
    });
}
