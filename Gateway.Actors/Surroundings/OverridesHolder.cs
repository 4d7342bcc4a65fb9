using Akka.Actor;
using Gateway.Core.Overrides;

namespace Gateway.Actors.Surroundings;

/// <summary>
/// What operators have said of endpoints, for whoever is no actor or has just begun; so it survives a crash of those that are.
/// <c>OverridesActor</c> alone writes it.
/// </summary>
/// <param name="shared">Whether there is a cluster that holds words too.</param>
public sealed class OverridesHolder(bool shared = false)
{
    private OverrideMap _current = OverrideMap.Empty;
    private volatile bool _isRead = !shared;

    public OverrideMap Current
    {
        get => Volatile.Read(ref _current);
        internal set => Volatile.Write(ref _current, value);
    }

    /// <summary>Whether what the cluster holds has been read; a cluster of one has nothing to read.</summary>
    public bool IsRead
    {
        get => _isRead;
        internal set => _isRead = value;
    }

    /// <summary>This process among all that ever say something (see <see cref="Stamp"/>): drawn, so that a restart, which forgets what it said, is another.</summary>
    public long Writer { get; } = BitConverter.ToInt64(Guid.NewGuid().ToByteArray());

    /// <summary>Who shares the words with the cluster; null: nobody yet.</summary>
    internal IActorRef? Sharer { get; set; }
}
