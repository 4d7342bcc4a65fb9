using Gateway.Core.Breaking;
using Gateway.Core.Cells;
using Gateway.Core.Outcomes;

namespace Gateway.Tests.Breaking;

/// <summary>A closed, doubted breaker: what ends the doubt.</summary>
public sealed class DoubtTests
{
    private static readonly BreakerPolicy Policy = new() { Threshold = 5 };

    [Fact]
    public void Three_successes_in_a_row_end_the_doubt_at_once_and_say_so()
    {
        var word = Doubted();
        (word, var first) = Attempt(word, Outcome.Success);
        Assert.Equal((BreakerTrust.Proving, BreakerEdge.None), (word.Trust, first));
        (word, var second) = Attempt(word, Outcome.Success);
        Assert.Equal((BreakerTrust.Proving, BreakerEdge.None), (word.Trust, second));
        (word, var third) = Attempt(word, Outcome.Success);
        Assert.Equal((BreakerTrust.Trusted, BreakerEdge.Proven), (word.Trust, third));
        for (var i = 0; i < Policy.Threshold - 1; i++)
        {
            (word, _) = Attempt(word, Outcome.Failure);
        }

        Assert.Equal((BreakerPhase.Closed, 4), (word.Phase, word.Failures));
    }

    [Theory]
    [InlineData("f", BreakerPhase.Open, BreakerTrust.Trusted)]
    [InlineData("sf", BreakerPhase.Closed, BreakerTrust.Doubted)]
    [InlineData("sff", BreakerPhase.Open, BreakerTrust.Trusted)]
    [InlineData("ssf", BreakerPhase.Closed, BreakerTrust.Doubted)]
    [InlineData("ssfs", BreakerPhase.Closed, BreakerTrust.Proving)]
    [InlineData("ssfss", BreakerPhase.Closed, BreakerTrust.Proving)]
    [InlineData("ssfsss", BreakerPhase.Closed, BreakerTrust.Trusted)]
    [InlineData("i", BreakerPhase.Closed, BreakerTrust.Doubted)]
    [InlineData("sisis", BreakerPhase.Closed, BreakerTrust.Trusted)]
    public void One_failure_before_the_first_success_opens_it_and_two_in_a_row_after_it(string outcomes, BreakerPhase phase, BreakerTrust trust)
    {
        var word = Doubted();
        foreach (var letter in outcomes)
        {
            (word, _) = Attempt(word, letter switch { 's' => Outcome.Success, 'f' => Outcome.Failure, _ => Outcome.Ignored });
        }

        Assert.Equal((phase, trust), (word.Phase, word.Trust));
    }

    [Fact]
    public void Attempts_begun_before_it_cannot_end_it_and_open_the_breaker_only_by_two_failures_in_a_row()
    {
        var word = Doubted();
        for (var i = 0; i < 5; i++)
        {
            (word, _) = word.Complete(0, false, Outcome.Success, Policy);
        }

        Assert.Equal(Doubted(), word);
        (word, _) = word.Complete(0, false, Outcome.Failure, Policy);
        (word, _) = word.Complete(0, false, Outcome.Success, Policy);
        (word, _) = word.Complete(0, false, Outcome.Failure, Policy);
        Assert.True(word.IsDoubted);
        (word, var edge) = word.Complete(0, false, Outcome.Failure, Policy);
        Assert.Equal((BreakerPhase.Open, BreakerEdge.TrippedInDoubt), (word.Phase, edge));
    }

    [Fact]
    public void One_failure_from_before_and_one_of_an_attempt_that_was_under_way_are_two()
    {
        var (word, _) = BreakerWord.Initial.Complete(0, false, Outcome.Failure, Policy);
        (word, var edge) = word.Doubt();
        Assert.Equal((BreakerTrust.Doubted, BreakerEdge.None, 1), (word.Trust, edge, word.Failures));
        Assert.Equal(BreakerPhase.Open, word.Complete(0, false, Outcome.Failure, Policy).Next.Phase);
    }

    [Fact]
    public void Said_again_the_proof_begins_anew()
    {
        var (word, _) = Attempt(Attempt(Doubted(), Outcome.Success).Next, Outcome.Success);
        (word, _) = word.Doubt();
        Assert.True(word.IsDoubted);
        Assert.Equal(BreakerPhase.Open, Attempt(word, Outcome.Failure).Next.Phase);
    }

    [Fact]
    public void Only_a_closed_breaker_that_was_reported_is_doubted()
    {
        Assert.False(BreakerWord.Initial.IsDoubted);
        Assert.True(Doubted().IsDoubted);
        Assert.False(Attempt(Doubted(), Outcome.Success).Next.IsDoubted);
        Assert.False(BreakerWord.Initial.Trip().IsDoubted);
    }

    [Fact]
    public void The_success_of_an_attempt_that_outlived_the_doubt_clears_no_failures()
    {
        Assert.True(Doubted().TryTakeTrial(Policy, out var taken));
        var (word, edge) = taken.Clear().Complete(0, true, Outcome.Success, Policy);
        Assert.Equal((BreakerWord.Initial, BreakerEdge.None), (word, edge));
    }

    [Fact]
    public void A_threshold_of_one_stays_one_while_it_proves_itself()
    {
        var (word, _) = Attempt(Doubted(), Outcome.Success);
        var (open, edge) = word.Complete(0, false, Outcome.Failure, Policy with { Threshold = 1 });
        Assert.Equal((BreakerPhase.Open, BreakerEdge.Tripped), (open.Phase, edge));
    }

    [Fact]
    public void The_holder_of_a_grant_is_trusted_at_once_and_the_others_are_not()
    {
        var halfOpen = BreakerWord.Initial.Trip().HalfOpen(TrialGate.Shut).Want();
        Assert.True(halfOpen.Permit(halfOpen.Epoch, TrialGate.Granted).TryTakeTrial(Policy, out var trial));
        Assert.True(trial.Complete(trial.Epoch, true, Outcome.Success, Policy).Next.IsTrusted);
        Assert.True(halfOpen.Close().IsDoubted);
    }

    /// <summary>
    /// Every interleaving of attempts that began before the doubt, attempts that begin after it, the doubt itself, its repetition and its end, with every
    /// outcome: the cell ends in an allowed state, reports each edge once, and loses no permit and no place.
    /// </summary>
    [Fact]
    public void In_every_interleaving_a_doubt_ends_by_three_successes_in_a_row_or_by_a_trip_and_nothing_is_lost()
    {
        var (ends, sequences) = (new HashSet<(BreakerPhase, BreakerTrust)>(), 0);
        Explore(new int[7], 0);
        Assert.Equal(Pow(5, 7), sequences);
        Assert.Equal(4, ends.Count);

        void Explore(int[] acts, int depth)
        {
            if (depth == acts.Length)
            {
                sequences++;
                ends.Add(Run(acts));
                return;
            }

            for (acts[depth] = 0; acts[depth] < 5; acts[depth]++)
            {
                Explore(acts, depth + 1);
            }
        }
    }

    [Fact]
    public void Many_threads_prove_an_endpoint_once_for_each_time_that_it_was_doubted()
    {
        var (cell, edges) = Cell();
        for (var round = 1; round <= 50; round++)
        {
            cell.Doubt(true);
            Parallel.For(0, 200, _ =>
            {
                if (cell.TryLease(out var lease) == Admission.Granted)
                {
                    lease.Report(Outcome.Success);
                    lease.Release();
                }
            });
            while (!cell.Breaker.IsTrusted && cell.TryLease(out var lease) == Admission.Granted)
            {
                lease.Report(Outcome.Success);
                lease.Release();
            }

            Assert.Equal((round, 0), (edges.Of(BreakerEdge.Proven), cell.InFlight));
        }

        Assert.Equal(BreakerPhase.Closed, cell.Breaker.Phase);
    }

    /// <summary>0: the oldest attempt from before succeeds; 1: it fails; 2: a new one succeeds; 3: a new one fails; 4: the doubt is repeated.</summary>
    private static (BreakerPhase, BreakerTrust) Run(int[] acts)
    {
        var (cell, edges) = Cell();
        var before = new Queue<Lease>();
        foreach (var _ in acts)
        {
            Assert.Equal(Admission.Granted, cell.TryLease(out var lease));
            before.Enqueue(lease);
        }

        cell.Doubt(true);
        var (row, opened, proven) = (0, 0, 0);
        foreach (var act in acts)
        {
            var was = cell.Breaker;
            var outcome = act is 0 or 2 ? Outcome.Success : Outcome.Failure;
            var counts = true;
            if (act == 4)
            {
                cell.Doubt(true);
                row = 0;
            }
            else if (act < 2)
            {
                counts = was.Trust != BreakerTrust.Doubted;
                End(before.Dequeue(), outcome);
            }
            else if (cell.TryLease(out var lease) == Admission.Granted)
            {
                End(lease, outcome);
            }

            if (act < 4 && was.Phase == BreakerPhase.Closed && counts)
            {
                row = outcome == Outcome.Success ? row + 1 : 0;
            }

            opened += was.Phase == BreakerPhase.Closed && cell.Breaker.Phase == BreakerPhase.Open ? 1 : 0;
            if (was is { Phase: BreakerPhase.Closed, IsTrusted: false } && cell.Breaker.IsTrusted)
            {
                proven++;
                Assert.Equal(BreakerWord.Proof, row);
            }
        }

        Assert.Equal((opened, proven), (edges.Of(BreakerEdge.TrippedInDoubt) + edges.Of(BreakerEdge.Tripped), edges.Of(BreakerEdge.Proven)));
        while (before.TryDequeue(out var rest))
        {
            End(rest, Outcome.Ignored);
        }

        Assert.Equal(0, cell.InFlight);
        Assert.Equal(cell.Breaker.Phase == BreakerPhase.Closed ? Admission.Granted : Admission.Refused, cell.TryLease(out _));
        return (cell.Breaker.Phase, cell.Breaker.Trust);
    }

    private static void End(Lease lease, Outcome outcome)
    {
        lease.Report(outcome);
        lease.Release();
    }

    private static int Pow(int number, int exponent) => exponent == 0 ? 1 : number * Pow(number, exponent - 1);

    private static (EndpointCell Cell, Edges Edges) Cell()
    {
        var (cell, edges) = (new EndpointCell(TestEndpoints.Id(1), Policy, 1000), new Edges());
        cell.Attach(edges);
        return (cell, edges);
    }

    private static BreakerWord Doubted() => BreakerWord.Initial.Doubt().Next;

    /// <summary>An attempt that begins now, and must be admitted.</summary>
    private static (BreakerWord Next, BreakerEdge Edge) Attempt(BreakerWord word, Outcome outcome)
    {
        var trial = word.TryTakeTrial(Policy, out var taken);
        Assert.True(trial || word.AdmitsAll);
        return taken.Complete(taken.Epoch, trial, outcome, Policy);
    }

    private sealed class Edges : IEndpointSignals
    {
        private readonly int[] _counts = new int[Enum.GetValues<BreakerEdge>().Length];

        public int Of(BreakerEdge edge) => Volatile.Read(ref _counts[(int)edge]);

        public void Signal(BreakerEdge edge, uint epoch, FailureReason reason) => Interlocked.Increment(ref _counts[(int)edge]);
    }
}
