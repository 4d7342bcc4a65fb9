using BenchmarkDotNet.Attributes;
using Gateway.Core.Balancing;

namespace Gateway.Benchmarks;

/// <summary>
/// One pick, and its release, which keeps the number in flight level (see <see cref="OutcomeBenchmarks"/> for the cost of the release). The mean is wall time
/// over all picks of all threads: with 8 threads on 2 cores, half of the time of one thread.
/// </summary>
[MemoryDiagnoser]
public class PickBenchmarks
{
    private const int Picks = 1 << 16;

    private Crew _crew = null!;
    private Picker _picker = null!;

    [ParamsAllValues]
    public Strategy Strategy { get; set; }

    [Params(2, 16, 256, 1_000)]
    public int Endpoints { get; set; }

    [Params(1, 8)]
    public int Threads { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        // Weights 3, 1, 2 in turn: shortcuts for equal weights do not apply.
        _picker = new PickerBuilder().Build(Strategy, Benchmarks.Endpoints.Create(Endpoints, 3, 1, 2));
        _crew = new Crew(Threads, PickSome);
    }

    [GlobalCleanup]
    public void Cleanup() => _crew.Dispose();

    [Benchmark(OperationsPerInvoke = Picks)]
    public void Pick() => _crew.Run();

    private void PickSome(int thread)
    {
        var bits = (ulong)thread;
        for (var left = Picks / Threads; left > 0; left--)
        {
            bits = RandomBits.Mix(bits);
            var result = _picker.Pick(new PickContext(bits, bits, Benchmarks.Endpoints.Now));
            result.Lease.Release();
        }
    }
}
