using System.Threading.Channels;
using Gateway.Actors.Cluster;

namespace Gateway.Tests.Cluster;

/// <summary>Messages of other replicas, in order of arrival.</summary>
internal sealed class Inbox
{
    private readonly Channel<FromReplica> _messages = Channel.CreateUnbounded<FromReplica>();

    /// <summary>The number of messages waiting.</summary>
    public int Count => _messages.Reader.Count;

    public void Add(FromReplica message) => _messages.Writer.TryWrite(message);

    public async Task<FromReplica> NextAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        return await _messages.Reader.ReadAsync(limit.Token);
    }
}
