using Gateway.Tests.EndToEnd;
using Gateway.Tests.EndToEnd.Backends;

namespace Gateway.Tests.Page;

/// <summary>Three replicas in three zones, one cluster, in front of three probed backends, for tests of the page.</summary>
public sealed class PageCluster : IAsyncLifetime
{
    private readonly List<TestGateway> _gateways = [];
    private readonly List<RawBackend> _backends = [];

    /// <summary>Names and zones of the replicas.</summary>
    internal static readonly (string Name, string Zone)[] Replicas = [("gateway-1", "a"), ("gateway-2", "b"), ("gateway-3", "c")];

    internal IReadOnlyList<RawBackend> Backends => _backends;

    /// <summary>The admin address of the first replica.</summary>
    internal Uri Address => _gateways[0].Admin.BaseAddress!;

    /// <summary>Sends requests to the first replica.</summary>
    internal Task AskAsync(int times) => _gateways[0].AskManyAsync(times);

    public async Task InitializeAsync()
    {
        if (Browser.Executable is null)
        {
            return;
        }

        _backends.AddRange(Enumerable.Range(0, 3).Select(_ => RawBackend.Start(RawScripts.Answer())));
        var addresses = _backends.Select(backend => backend.Address).ToList();
        foreach (var (name, zone) in Replicas)
        {
            _gateways.Add(await TestCluster.StartAsync(
                name,
                addresses,
                _gateways.FirstOrDefault(),
                pool => pool with { Health = new() { Interval = TimeSpan.FromMilliseconds(500), Probe = new() { Path = "/health" } } },
                settings => settings with { Zone = zone }));
        }
    }

    public async Task DisposeAsync()
    {
        foreach (var gateway in _gateways.AsEnumerable().Reverse())
        {
            await gateway.DisposeAsync();
        }

        foreach (var backend in _backends)
        {
            await backend.DisposeAsync();
        }
    }
}
