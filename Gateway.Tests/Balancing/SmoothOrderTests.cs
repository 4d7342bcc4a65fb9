using CsCheck;
using Gateway.Core.Balancing;

namespace Gateway.Tests.Balancing;

public sealed class SmoothOrderTests
{
    private static readonly Gen<int[]> Weights = Gen.Int[1, 20].Array[1, 12];

    [Fact]
    public void Weights_5_1_1_give_a_a_b_a_c_a_a() =>
        Assert.Equal([0, 0, 1, 0, 2, 0, 0], SmoothOrder.Of([5, 1, 1], new double[3]));

    [Fact]
    public void From_nothing_the_order_is_that_of_nginx() => Weights.Sample(weights =>
    {
        Assert.Equal(Nginx(weights), SmoothOrder.Of(weights, new double[weights.Length]));
    });

    [Fact]
    public void A_period_holds_each_endpoint_exactly_as_often_as_its_weight_whatever_was_owed() =>
        Gen.Select(Gen.Int[1, 20], Gen.Double[-1, 2]).Array[1, 12].Sample(endpoints =>
        {
            var weights = endpoints.Select(endpoint => endpoint.Item1).ToArray();
            var order = SmoothOrder.Of(weights, endpoints.Select(endpoint => endpoint.Item2).ToArray());
            var counts = new int[weights.Length];
            Array.ForEach(order, turn => counts[turn]++);
            Assert.Equal(weights, counts);
        });

    [Fact]
    public void Whole_weights_are_over_their_greatest_common_divisor() =>
        Assert.Equal([3, 2, 1], SmoothOrder.ToIntegers([192, 128, 64]));

    /// <summary>0.29 times 100 is a little less than 29 in binary: rounded and not cut off.</summary>
    [Fact]
    public void A_fraction_takes_all_weights_to_hundredths()
    {
        Assert.Equal([37, 100, 200], SmoothOrder.ToIntegers([0.37, 1, 2]));
        Assert.Equal([29, 100, 200], SmoothOrder.ToIntegers([0.29, 1, 2]));
    }

    [Fact]
    public void Weights_that_just_fit_are_exact_and_larger_ones_leave_room_for_those_rounded_up_to_one()
    {
        Assert.Equal([65_535, 1], SmoothOrder.ToIntegers([65_535, 1]));

        // 65,534 / 65,537 of each: 65,533.0 and 0.99, which becomes 1.
        Assert.Equal([65_533, 1], SmoothOrder.ToIntegers([65_536, 1]));

        // 65,534 / 200,001 of each: 32,766.8 and 32,767.2.
        Assert.Equal([32_766, 32_767], SmoothOrder.ToIntegers([100_000, 100_001]));
    }

    [Fact]
    public void More_endpoints_than_half_the_length_get_a_longer_order()
    {
        var whole = SmoothOrder.ToIntegers([.. Enumerable.Range(0, 40_000).Select(i => i % 2 == 0 ? 1d : 3d)]);
        Assert.Equal((1, 3, 80_000), (whole[0], whole[1], whole.Sum()));
    }

    [Fact]
    public void The_most_endpoints_of_the_most_different_weights_stay_within_the_length_and_keep_one_turn_each() =>
        Gen.Double[0.1, 256].Array[2, 2_000].Sample(
            weights =>
            {
                var whole = SmoothOrder.ToIntegers(weights);
                Assert.InRange(whole.Sum(), weights.Length, SmoothOrder.MaxLength);
                Assert.InRange(whole.Distinct().Count(), 1, 362);
                Assert.All(whole, weight => Assert.True(weight >= 1));
            },
            iter: 50);

    [Fact]
    public void Scaling_down_keeps_proportions_within_a_few_percent()
    {
        var whole = SmoothOrder.ToIntegers([.. Enumerable.Range(0, 400).Select(i => i % 2 == 0 ? 255.9 : 63.7)]);
        Assert.InRange((double)whole[0] / whole[1], 4.0, 4.2);
    }

    [Fact]
    public void Going_on_from_what_is_owed_the_order_is_that_of_steps_over_all_endpoints() =>
        Gen.Select(Gen.Int[1, 9], Gen.Int[-1000, 2000]).Array[1, 30].Sample(endpoints =>
        {
            var weights = endpoints.Select(endpoint => endpoint.Item1).ToArray();
            var owed = endpoints.Select(endpoint => endpoint.Item2 / 1000d).ToArray();
            Assert.Equal(StepByStep(weights, owed), SmoothOrder.Of(weights, owed));
        });

    [Fact]
    public void Ten_thousand_endpoints_keep_their_proportions()
    {
        var whole = SmoothOrder.ToIntegers([.. Enumerable.Range(0, 10_000).Select(i => i % 10 == 0 ? 5d : 1d)]);
        Assert.Equal((5, 1, 14_000), (whole[0], whole[1], whole.Sum()));
        var order = SmoothOrder.Of(whole, new double[whole.Length]);
        Assert.Equal(5, order.Count(turn => turn == 0));
        Assert.Equal(1, order.Count(turn => turn == 1));
    }

    /// <summary>Each step compares all endpoints, in thousandths of a turn so that ties are exact.</summary>
    private static int[] StepByStep(int[] weights, double[] owed)
    {
        var (total, left) = (weights.Sum(), weights.ToArray());
        var credit = owed.Select(turns => (long)Math.Round(turns * 1000) * total).ToArray();
        return [.. Enumerable.Range(0, total).Select(_ =>
        {
            for (var i = 0; i < credit.Length; i++)
            {
                credit[i] += weights[i] * 1000L;
            }

            var chosen = Enumerable.Range(0, credit.Length).Where(i => left[i] > 0).MaxBy(i => (credit[i], -i));
            credit[chosen] -= total * 1000L;
            left[chosen]--;
            return chosen;
        })];
    }

    private static int[] Nginx(int[] weights)
    {
        var current = new int[weights.Length];
        return [.. Enumerable.Range(0, weights.Sum()).Select(_ =>
        {
            for (var i = 0; i < weights.Length; i++)
            {
                current[i] += weights[i];
            }

            var largest = Array.IndexOf(current, current.Max());
            current[largest] -= weights.Sum();
            return largest;
        })];
    }
}
