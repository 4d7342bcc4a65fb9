using System.Globalization;
using Gateway.Http;

namespace Gateway.Fuzz;

/// <summary>
/// Reads mutated inputs twice, in one piece and in many. A crash is an exception or a broken promise of a parser; a disagreement is when the pieces were read
/// differently from the whole.
/// </summary>
internal sealed class Campaign(int seed)
{
    /// <summary>Small limits, for half of the inputs, so that they are often reached.</summary>
    private static readonly HttpLimits Tight = new() { MaxHead = 256, MaxRequestLine = 64, MaxFields = 6, MaxChunkExtension = 8, MaxTrailers = 32 };

    private readonly MessageReader[] _whole = [new(HttpLimits.Default), new(Tight)];
    private readonly MessageReader[] _pieces = [new(HttpLimits.Default), new(Tight)];

    public int Crashes { get; private set; }

    public int Disagreements { get; private set; }

    /// <summary>The faults that occurred, to show what was not tried.</summary>
    public HashSet<HttpFault> Faults { get; } = [];

    /// <summary>The first input that failed, and its error.</summary>
    public (byte[] Input, string What)? Failure { get; private set; }

    /// <param name="progress">Receives the number of inputs done, every 100,000.</param>
    public void Run(long inputs, Action<long>? progress = null)
    {
        var random = new Random(seed);
        var mutator = new Mutator(random);
        for (var n = 1L; n <= inputs; n++)
        {
            var kind = (MessageKind)random.Next(3);
            var input = mutator.Mutate(Corpus.Of(kind));
            Try(kind, input, mutator.Cuts(input.Length), random.Next(2), random.Next(8) == 0);
            if (n % 100_000 == 0)
            {
                progress?.Invoke(n);
            }
        }
    }

    public string Summary(long inputs) =>
        string.Create(CultureInfo.InvariantCulture, $"{inputs} inputs, {Crashes} crashes, {Disagreements} disagreements");

    private void Try(MessageKind kind, byte[] input, int[] cuts, int limits, bool toHead)
    {
        var (whole, pieces) = (_whole[limits], _pieces[limits]);
        try
        {
            whole.Read(kind, input, [], toHead);
            pieces.Read(kind, input, cuts, toHead);
        }
#pragma warning disable CA1031 // Any exception is a finding.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Crashes++;
            Failure ??= (input, exception.ToString());
            return;
        }

        Faults.Add(whole.Fault);
        if (!whole.Transcript.Bytes.SequenceEqual(pieces.Transcript.Bytes))
        {
            Disagreements++;
            Failure ??= (input, $"in one piece:\n{whole.Transcript}\nin pieces ending at {string.Join(' ', cuts)}:\n{pieces.Transcript}");
        }
    }
}
