using Gateway.Core.Traffic;

namespace Gateway.Tests.Traffic;

public sealed class AnswerClassesTests
{
    private static readonly AnswerClasses Before = new(1, 20, 3, 4, 5);

    [Fact]
    public void Totals_are_added_class_by_class() => Assert.Equal(new(11, 220, 33, 44, 55), Before + new AnswerClasses(10, 200, 30, 40, 50));

    [Fact]
    public void Rates_are_the_differences_of_each_class_per_second() =>
        Assert.Equal(new(0.5, 10, 1.5, 2, 2.5), new AnswerClasses(2, 40, 6, 8, 10).PerSecondSince(Before, 2));

    [Fact]
    public void A_class_whose_total_fell_has_a_rate_of_zero() =>
        Assert.Equal(new(0, 5, 0, 0, 0), new AnswerClasses(0, 30, 2, 3, 4).PerSecondSince(Before, 2));
}
