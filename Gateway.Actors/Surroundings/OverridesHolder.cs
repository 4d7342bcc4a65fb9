using Akka.Actor;
using Gateway.Core.Overrides;

namespace Gateway.Actors.Surroundings;

/// <summary>
/// The operators' changes to endpoints, for code outside actors and for starting actors; survives actor crashes.
/// Written by <c>OverridesActor</c> only.
/// </summary>
/// <param name="shared">Whether a cluster stores changes too.</param>
public sealed class OverridesHolder(bool shared = false)
{
    private OverrideMap _current = OverrideMap.Empty;
    private volatile bool _isRead = !shared;

    public OverrideMap Current
    {
        get => Volatile.Read(ref _current);
        internal set => Volatile.Write(ref _current, value);
    }

    /// <summary>Whether the cluster's changes have been read; a cluster of one has none to read.</summary>
    public bool IsRead
    {
        get => _isRead;
        internal set => _isRead = value;
    }

    /// <summary>The random writer number of this process (see <see cref="Stamp"/>); a restart, which forgets its changes, gets another.</summary>
    public long Writer { get; } = BitConverter.ToInt64(Guid.NewGuid().ToByteArray());

    /// <summary>The actor that shares the changes with the cluster; null if none yet.</summary>
    internal IActorRef? Sharer { get; set; }
}
