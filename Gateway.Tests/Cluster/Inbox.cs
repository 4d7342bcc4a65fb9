using System.Threading.Channels;
using Gateway.Actors.Cluster;

namespace Gateway.Tests.Cluster;

/// <summary>Messages of other replicas, in the order they came.</summary>
internal sealed class Inbox
{
    private readonly Channel<FromReplica> _messages = Channel.CreateUnbounded<FromReplica>();

    /// <summary>How many are waiting to be taken.</summary>
    public int Count => _messages.Reader.Count;

    public void Add(FromReplica message) => _messages.Writer.TryWrite(message);

    public async Task<FromReplica> NextAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        return await _messages.Reader.ReadAsync(limit.Token);
    }
}
