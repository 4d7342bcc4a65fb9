using Gateway.Core.Addressing;

namespace Gateway.Actors.Surroundings;

/// <summary>Counts grants for the process's metrics. Called by an actor, so it must neither block nor throw.</summary>
public interface IGrantObserver
{
    /// <summary>An observer that counts nothing.</summary>
    static IGrantObserver None { get; } = new Silence();

    /// <summary>Called when this replica gave the endpoint's grant to a replica, or repeated that message.</summary>
    void Given(EndpointId endpoint);

    /// <summary>Called when a grant of this replica expired without a message of its holder.</summary>
    void Expired(EndpointId endpoint);

    /// <summary>Called when the endpoint's granter did not answer, so this replica uses permits of its own.</summary>
    void Unanswered(EndpointId endpoint);

    private sealed class Silence : IGrantObserver
    {
        public void Given(EndpointId endpoint)
        {
        }

        public void Expired(EndpointId endpoint)
        {
        }

        public void Unanswered(EndpointId endpoint)
        {
        }
    }
}
