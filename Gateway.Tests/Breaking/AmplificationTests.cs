using Gateway.Core.Breaking;
using Gateway.Core.Outcomes;

namespace Gateway.Tests.Breaking;

/// <summary>
/// The number of trips that one trip causes on the other replicas, where nothing is wrong but a share of all answers are errors. Computed from the breaker's
/// own transitions, without chance: the probability of every reachable word.
/// </summary>
public sealed class AmplificationTests
{
    private static readonly BreakerPolicy Policy = BreakerPolicy.Default;

    /// <summary>Smaller probabilities are dropped.</summary>
    private const double Negligible = 1e-15;

    public static TheoryData<int, double, double> Clusters
    {
        get
        {
            var data = new TheoryData<int, double, double>();
            foreach (var replicas in (int[])[2, 3, 10, 25, 50])
            {
                foreach (var rate in (double[])[10, 240, 1000])
                {
                    foreach (var errors in (double[])[0.001, 0.005, 0.01])
                    {
                        data.Add(replicas, rate, errors);
                    }
                }
            }

            return data;
        }
    }

    /// <param name="rate">Requests per second to the endpoint, from all replicas together; each takes 50 ms.</param>
    [Theory]
    [MemberData(nameof(Clusters))]
    public void One_trip_causes_less_than_one_further_trip(int replicas, double rate, double errors)
    {
        var underWay = (int)Math.Ceiling(rate / replicas * 0.05);
        Assert.InRange((replicas - 1) * TripsWhenReported(errors, underWay), 0, 0.75);
    }

    [Theory]
    [InlineData(3, 0.005)]
    [InlineData(10, 0.01)]
    [InlineData(50, 0.01)]
    public void A_recovery_causes_less_than_one_further_trip(int replicas, double errors)
    {
        var closed = BreakerWord.Initial.Trip().HalfOpen().Close();
        Assert.InRange((replicas - 1) * Trips(closed, errors), 0, 0.75);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(0.9, 0.99)]
    [InlineData(0.5, 0.8)]
    public void An_endpoint_that_is_broken_trips_on_nearly_every_replica_that_hears_of_it(double errors, double atLeast) =>
        Assert.InRange(TripsWhenReported(errors, underWay: 0), atLeast - 1e-9, 1);

    /// <summary>
    /// The earlier defect: when every failure tripped as long as a report was open, and reports were dismissed by a check every 200 ms, ten replicas with 1,000
    /// requests per second at 1 % errors came to more than one further trip for each.
    /// </summary>
    [Fact]
    public void The_figure_that_this_replaces_was_above_one()
    {
        var exposed = 1000 / 10 * 0.2;
        Assert.InRange((10 - 1) * (1 - Math.Pow(1 - 0.01, exposed)), 1, 9);
    }

    /// <summary>The probability that a replica trips when it receives a report.</summary>
    private static double TripsWhenReported(double errors, int underWay)
    {
        var (trips, heard) = (0.0, new Dictionary<BreakerWord, double>());
        foreach (var (word, share) in Steady(errors))
        {
            var (doubted, _) = word.Doubt();
            Add(heard, doubted, share);
        }

        for (var i = 0; i < underWay; i++)
        {
            heard = Outcomes(heard, errors, trial: false);
        }

        foreach (var (word, share) in heard)
        {
            trips += share * (word.Phase == BreakerPhase.Open ? 1 : Trips(word, errors));
        }

        return trips;
    }

    /// <summary>The distribution of a trusted breaker's word at any moment: n failures in a row have the probability errors^n (1 - errors).</summary>
    private static Dictionary<BreakerWord, double> Steady(double errors)
    {
        var (steady, word, left) = (new Dictionary<BreakerWord, double>(), BreakerWord.Initial, 1.0);
        for (var failures = 0; failures < Policy.Threshold - 1; failures++)
        {
            steady.Add(word, left * (1 - errors));
            left *= errors;
            (word, _) = word.Complete(word.Epoch, false, Outcome.Failure, Policy);
        }

        steady.Add(word, left);
        return steady;
    }

    /// <summary>The probability that a doubted breaker trips before it is trusted again.</summary>
    private static double Trips(BreakerWord doubted, double errors)
    {
        var (trips, left) = (0.0, new Dictionary<BreakerWord, double> { [doubted] = 1 });
        while (left.Values.Sum() > Negligible)
        {
            var next = Outcomes(left, errors, trial: true);
            trips += next.Where(word => word.Key.Phase == BreakerPhase.Open).Sum(word => word.Value);
            left = next.Where(word => word.Key.Phase == BreakerPhase.Closed && !word.Key.IsTrusted).ToDictionary();
        }

        return trips;
    }

    /// <summary>Adds one outcome.</summary>
    /// <param name="trial">Of an attempt that begins now; otherwise of one in flight before the doubt.</param>
    private static Dictionary<BreakerWord, double> Outcomes(Dictionary<BreakerWord, double> words, double errors, bool trial)
    {
        var next = new Dictionary<BreakerWord, double>();
        foreach (var (word, share) in words)
        {
            var taken = word;
            var permit = trial && word.TryTakeTrial(Policy, out taken);
            Add(next, taken.Complete(taken.Epoch, permit, Outcome.Success, Policy).Next, share * (1 - errors));
            Add(next, taken.Complete(taken.Epoch, permit, Outcome.Failure, Policy).Next, share * errors);
        }

        return next;
    }

    private static void Add(Dictionary<BreakerWord, double> words, BreakerWord word, double share) =>
        words[word] = words.GetValueOrDefault(word) + share;
}
