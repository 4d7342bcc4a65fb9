using System.Globalization;

namespace Gateway.Fuzz.Engine;

/// <summary>Runs inputs of the whole engine, a seed each, up to the first that fails.</summary>
/// <param name="run">Runs one; null: <see cref="EngineInput"/>.</param>
internal sealed class EngineCampaign(Action<EngineRig, long, Trace?>? run = null)
{
    /// <summary>The inputs per rig. Each advances its clock by up to a day; after more than three million it would pass the year 9999.</summary>
    private const long PerRig = 1_000_000;

    private readonly Action<EngineRig, long, Trace?> _run = run ?? RunEngine;

    /// <summary>The seed of the first input that failed, and its error; null: none failed.</summary>
    public (long Seed, Exception What)? Failure { get; private set; }

    /// <summary>The events of the failed input.</summary>
    public Trace? Trace { get; private set; }

    public long Inputs { get; private set; }

    /// <param name="first">The first input's seed; the others follow.</param>
    /// <param name="progress">Receives the number of inputs done, every 10,000.</param>
    public void Run(long first, long inputs, Action<long>? progress = null)
    {
        for (var from = first; from < first + inputs && Failure is null; from += PerRig)
        {
            RunOnOneRig(from, Math.Min(from + PerRig, first + inputs), progress);
        }
    }

    private static void RunEngine(EngineRig rig, long seed, Trace? trace) => new EngineInput(rig, seed, trace).Run();

    private void RunOnOneRig(long from, long until, Action<long>? progress)
    {
        using var rig = new EngineRig();
        for (var seed = from; seed < until; seed++)
        {
            try
            {
                _run(rig, seed, null);
            }
#pragma warning disable CA1031 // Any exception is a finding.
            catch (Exception what)
#pragma warning restore CA1031
            {
                Failure = (seed, what);
                using var again = new EngineRig();
                Trace = TraceOf(again, seed, _run);
                return;
            }

            if (++Inputs % 10_000 == 0)
            {
                progress?.Invoke(Inputs);
            }
        }
    }

    /// <summary>Repeats an input, with the same result, and records its events.</summary>
    public static Trace TraceOf(EngineRig rig, long seed, Action<EngineRig, long, Trace?>? run = null)
    {
        var trace = new Trace(rig.Clock);
        try
        {
            (run ?? RunEngine)(rig, seed, trace);
            trace.Add("the input", "did not fail this time");
        }
#pragma warning disable CA1031 // The same exception as in the first run.
        catch (Exception what)
#pragma warning restore CA1031
        {
            trace.Add("the input", what.Message);
        }

        return trace;
    }

    public string Summary() => string.Create(
        CultureInfo.InvariantCulture, $"{Inputs} inputs of the engine, {(Failure is null ? "0 failures" : $"a failure at seed {Failure.Value.Seed}")}");
}
