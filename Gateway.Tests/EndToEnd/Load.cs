namespace Gateway.Tests.EndToEnd;

/// <summary>Clients that send requests one after another without a pause, until they are stopped.</summary>
internal sealed class Load
{
    private readonly TestGateway _gateway;
    private readonly Task<List<Reply>>[] _clients;
    private volatile bool _stopping;

    private Load(TestGateway gateway, int clients)
    {
        _gateway = gateway;
        _clients = [.. Enumerable.Range(0, clients).Select(_ => Task.Run(AskAsync))];
    }

    public static Load Start(TestGateway gateway, int clients = 4) => new(gateway, clients);

    /// <summary>Lets each client finish its request; returns all their replies, or throws the exception of one.</summary>
    public async Task<IReadOnlyList<Reply>> StopAsync()
    {
        _stopping = true;
        return [.. (await Task.WhenAll(_clients)).SelectMany(replies => replies)];
    }

    private async Task<List<Reply>> AskAsync()
    {
        List<Reply> replies = [];
        while (!_stopping)
        {
            replies.Add(await _gateway.AskAsync());
        }

        return replies;
    }
}
