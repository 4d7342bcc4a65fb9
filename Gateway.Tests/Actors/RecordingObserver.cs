using System.Collections.Concurrent;
using System.Threading.Channels;
using Gateway.Actors.Surroundings;
using Gateway.Core.Addressing;
using Gateway.Core.Breaking;
using Gateway.Core.Endpoints;
using Gateway.Core.Evidence;
using Gateway.Core.Health;

namespace Gateway.Tests.Actors;

/// <summary>Records the actors' decisions, lets a test wait for probe results, and can fail like a broken dependency.</summary>
internal sealed class RecordingObserver : IEndpointObserver
{
    private readonly Channel<(EndpointId Endpoint, ProbeResult Result)> _probed = Channel.CreateUnbounded<(EndpointId, ProbeResult)>();
    private int _crashes;
    private int _removalCrashes;

    public ConcurrentQueue<(BreakerPhase From, BreakerPhase To)> BreakerMoves { get; } = new();

    public ConcurrentQueue<EndpointId> Changes { get; } = new();

    public ConcurrentQueue<(Verdict From, Verdict To)> VerdictMoves { get; } = new();

    public ConcurrentQueue<ProbeReason> ProbeReasons { get; } = new();

    public ConcurrentQueue<Decision> Decisions { get; } = new();

    /// <summary>Ejections requested by other replicas' evidence, and whether the cap allowed them.</summary>
    public ConcurrentQueue<(EndpointId Endpoint, Standing Wanted, bool Enforced)> Claims { get; } = new();

    /// <summary>Outliers detected, and whether they were ejected.</summary>
    public ConcurrentQueue<(EndpointId Endpoint, bool Ejected)> Outliers { get; } = new();

    public ConcurrentQueue<Endpoint> RemovedEndpoints { get; } = new();

    public int Lost { get; private set; }

    /// <summary>Makes the next call of <see cref="Probed"/> throw.</summary>
    public void CrashOnce() => Volatile.Write(ref _crashes, 1);

    /// <summary>Makes the next call of <see cref="Removed"/> throw, while a router applies new settings.</summary>
    public void CrashAtRemoval() => Volatile.Write(ref _removalCrashes, 1);

    /// <summary>Waits for that many probe results.</summary>
    public async Task ProbesAsync(int count)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        for (var i = 0; i < count; i++)
        {
            await _probed.Reader.ReadAsync(limit.Token);
        }
    }

    /// <summary>Waits for a result of one endpoint, skipping others.</summary>
    public async Task ProbeOfAsync(int number)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while ((await _probed.Reader.ReadAsync(limit.Token)).Endpoint.Address != TestEndpoints.Address(number))
        {
        }
    }

    public void Changed(EndpointId endpoint) => Changes.Enqueue(endpoint);

    public void Probed(EndpointId endpoint, ProbeResult result, ProbeReason reason)
    {
        ProbeReasons.Enqueue(reason);
        _probed.Writer.TryWrite((endpoint, result));
        if (Interlocked.Exchange(ref _crashes, 0) == 1)
        {
            throw new InvalidOperationException("a crash that the test asked for");
        }
    }

    public void VerdictChanged(EndpointId endpoint, Verdict from, Verdict to) => VerdictMoves.Enqueue((from, to));

    public void BreakerMoved(EndpointId endpoint, BreakerPhase from, BreakerPhase to) => BreakerMoves.Enqueue((from, to));

    public void Decided(EndpointId endpoint, Decision decision) => Decisions.Enqueue(decision);

    public void Claimed(EndpointId endpoint, Standing wanted, bool enforced) => Claims.Enqueue((endpoint, wanted, enforced));

    public void OutlierDetected(EndpointId endpoint, bool ejected) => Outliers.Enqueue((endpoint, ejected));

    public void TrialsLost(EndpointId endpoint) => Lost++;

    public void Removed(Endpoint endpoint)
    {
        RemovedEndpoints.Enqueue(endpoint);
        if (Interlocked.Exchange(ref _removalCrashes, 0) == 1)
        {
            throw new InvalidOperationException("a crash that the test asked for");
        }
    }
}
