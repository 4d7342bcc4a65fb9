using Gateway.Tests.EndToEnd.Backends;

namespace Gateway.Tests.EndToEnd;

/// <summary>Equal backends, except for their names: a, b, c and so on.</summary>
internal sealed class BackendSet : IAsyncDisposable
{
    private readonly RawBackend[] _backends;

    /// <param name="script">Returns a backend's script, by name; null: it answers with its name.</param>
    public BackendSet(int count, Func<string, Func<RawExchange, Task>>? script = null) =>
        _backends = [.. Enumerable.Range(0, count).Select(i => NameOf(i)).Select(name => RawBackend.Start((script ?? Named)(name)))];

    public IEnumerable<Uri> Addresses => _backends.Select(backend => backend.Address);

    /// <summary>The numbers of requests received, in the order of the names.</summary>
    public IReadOnlyList<int> Counts => [.. _backends.Select(backend => backend.Requests.Count)];

    public RawBackend this[int index] => _backends[index];

    public async ValueTask DisposeAsync()
    {
        foreach (var backend in _backends)
        {
            await backend.DisposeAsync();
        }
    }

    private static Func<RawExchange, Task> Named(string name) => RawScripts.Answer(200, name);

    private static string NameOf(int index) => ((char)('a' + index)).ToString();
}
