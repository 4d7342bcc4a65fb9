using Gateway.Core.Addressing;

namespace Gateway.Actors.Surroundings;

/// <summary>Who counts what becomes of grants: the process's metrics. Called by an actor, so it must neither block nor throw.</summary>
public interface IGrantObserver
{
    /// <summary>Nobody counts.</summary>
    static IGrantObserver None { get; } = new Silence();

    /// <summary>This replica gave the endpoint's grant to somebody, or said again that it had.</summary>
    void Given(EndpointId endpoint);

    /// <summary>A grant of this replica ended without a word of its holder.</summary>
    void Expired(EndpointId endpoint);

    /// <summary>The endpoint's granter did not answer, so this replica goes by permits of its own.</summary>
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
