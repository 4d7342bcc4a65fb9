using System.Collections.Concurrent;
using Gateway.Actors.Surroundings;
using Gateway.Core.Addressing;
using Gateway.Core.Health;
using Gateway.Core.Outcomes;

namespace Gateway.Tests.Actors;

/// <summary>A network of endpoints that are healthy, failing or silent, as scripted.</summary>
internal sealed class ScriptedProbe : IProbe
{
    private readonly ConcurrentDictionary<EndpointAddress, bool> _sick = new();
    private readonly ConcurrentDictionary<EndpointAddress, TaskCompletionSource<ProbeResult>> _silent = new();
    private readonly ConcurrentDictionary<EndpointAddress, int> _counts = new();
    private int _inFlight;
    private int _maxRunning;

    /// <summary>The most probes in flight at once.</summary>
    public int MaxRunning => _maxRunning;

    public int CountOf(int number) => _counts.GetValueOrDefault(TestEndpoints.Address(number));

    public void Sicken(int number) => _sick[TestEndpoints.Address(number)] = true;

    public void Heal(int number) => _sick.TryRemove(TestEndpoints.Address(number), out _);

    /// <summary>Makes probes of this endpoint hang until the returned action is called.</summary>
    public Action Silence(int number)
    {
        var silence = new TaskCompletionSource<ProbeResult>(TaskCreationOptions.RunContinuationsAsynchronously);
        _silent[TestEndpoints.Address(number)] = silence;
        return () =>
        {
            _silent.TryRemove(TestEndpoints.Address(number), out _);
            silence.SetResult(ProbeResult.Pass(TimeSpan.FromMilliseconds(1)));
        };
    }

    /// <summary>Makes the next probe of this endpoint hang until the returned action is called with a result; later ones are answered.</summary>
    public Action<ProbeResult> Hang(int number)
    {
        var silence = new TaskCompletionSource<ProbeResult>(TaskCreationOptions.RunContinuationsAsynchronously);
        _silent[TestEndpoints.Address(number)] = silence;
        return result =>
        {
            _silent.TryRemove(TestEndpoints.Address(number), out _);
            silence.SetResult(result);
        };
    }

    public async Task<ProbeResult> ProbeAsync(ProbeTarget target, CancellationToken stopping)
    {
        _counts.AddOrUpdate(target.Address, 1, (_, count) => count + 1);
        var now = Interlocked.Increment(ref _inFlight);
        for (var seen = _maxRunning; seen < now;)
        {
            seen = Interlocked.CompareExchange(ref _maxRunning, now, seen) == seen ? now : _maxRunning;
        }

        try
        {
            return _silent.TryGetValue(target.Address, out var silence) ? await silence.Task
                : _sick.ContainsKey(target.Address) ? ProbeResult.Fail(TimeSpan.Zero, FailureReason.Connect, "refused")
                : ProbeResult.Pass(TimeSpan.FromMilliseconds(1));
        }
        finally
        {
            Interlocked.Decrement(ref _inFlight);
        }
    }
}
