using CsCheck;
using Gateway.Core.Evidence;

namespace Gateway.Tests.Evidence;

public sealed class EjectionCapTests
{
    private static readonly Claim In = new(Standing.In, false, Standing.In);
    private static readonly Claim HalfOpen = In with { Restricted = true };
    private static readonly Claim OwnOut = new(Standing.Out, false, Standing.Out);
    private static readonly Claim Ejection = new(Standing.Out, true, Standing.In);
    private static readonly Claim Outlier = new(Standing.Out, false, Standing.In, IsOutlier: true);
    private static readonly Claim Hold = new(Standing.Held, true, Standing.In);

    [Fact]
    public void Up_to_half_of_a_pool_is_taken_and_ejections_go_before_holds() =>
        Assert.Equal([Standing.In, Standing.Out, Standing.Held, Standing.In], EjectionCap.Apply([Hold with { Now = Standing.In }, Ejection, Hold with { Now = Standing.Held }, In]));

    [Fact]
    public void A_pool_of_one_loses_nothing_to_hearsay()
    {
        Assert.Equal([Standing.In], EjectionCap.Apply([Ejection]));
        Assert.Equal([Standing.In], EjectionCap.Apply([Hold]));
    }

    [Fact]
    public void The_last_endpoint_that_could_be_picked_stays() =>
        Assert.Equal([Standing.Out, Standing.Out, Standing.In], EjectionCap.Apply([OwnOut, OwnOut, Ejection]));

    [Fact]
    public void One_that_is_half_open_is_not_one_that_could_be_picked()
    {
        Assert.Equal([Standing.In, Standing.In], EjectionCap.Apply([HalfOpen, Ejection]));
        Assert.Equal([Standing.In, Standing.In], EjectionCap.Apply([HalfOpen, Hold]));
        Assert.Equal([Standing.In, Standing.Out, Standing.In, Standing.In], EjectionCap.Apply([HalfOpen, Ejection with { Now = Standing.Out }, Ejection, OwnOut with { Wanted = Standing.In, Restricted = true }]));
        Assert.Equal([Standing.In, Standing.In, Standing.Out], EjectionCap.Apply([HalfOpen, In, Ejection]));
    }

    [Fact]
    public void Own_evidence_is_not_capped() =>
        Assert.Equal([Standing.Out, Standing.Out], EjectionCap.Apply([OwnOut, OwnOut]));

    [Fact]
    public void An_ejected_endpoint_stays_ejected_while_another_would_be() =>
        Assert.Equal([Standing.In, Standing.Out], EjectionCap.Apply([Ejection, Ejection with { Now = Standing.Out }]));

    [Fact]
    public void The_cap_holds_for_any_pool()
    {
        Claim[] claim = [In, HalfOpen, OwnOut, Ejection, Hold, Ejection with { Now = Standing.Out }, Hold with { Now = Standing.Held }];
        Gen.Int[0, claim.Length - 1].Select(i => claim[i]).Array[0, 12].Sample(claims =>
        {
            var standings = EjectionCap.Apply(claims);
            var taken = claims.Zip(standings).Count(c => c.First.IsHearsay && c.Second != Standing.In);
            Assert.InRange(taken, 0, claims.Length / 2);
            Assert.All(claims.Zip(standings), c => Assert.True(c.Second == c.First.Wanted || (c.First.IsHearsay && c.Second == Standing.In)));
            if (claims.Any(c => c.IsHearsay || c is { Wanted: Standing.In, Restricted: false }))
            {
                Assert.Contains(claims.Zip(standings), c => c.Second == Standing.In && !c.First.Restricted);
            }
        });
    }

    [Fact]
    public void Outliers_are_out_up_to_their_share_of_the_pool()
    {
        Assert.Equal(3, Out([Outlier, Outlier, Outlier, Outlier, .. Enumerable.Repeat(In, 6)], 30));
        Assert.Equal(1, Out([Outlier, Outlier, In], 30));
        Assert.Equal(1, Out([Outlier, Outlier, In, In, In], 1));
    }

    [Fact]
    public void All_outliers_go_if_their_share_allows_it_and_another_endpoint_can_be_picked()
    {
        Assert.Equal([Standing.Out, Standing.In], EjectionCap.Apply([Outlier, In], 30));
        Assert.Equal([Standing.Out, Standing.Out, Standing.In], EjectionCap.Apply([Outlier, Outlier, In], 100));
    }

    [Fact]
    public void Endpoints_out_for_other_reasons_count_towards_the_share()
    {
        Assert.Equal(3, Out([OwnOut, OwnOut, Outlier, Outlier, .. Enumerable.Repeat(In, 6)], 30));
        Assert.Equal(2, Out([OwnOut, OwnOut, Outlier, In, In], 30));
        Assert.Equal(2, Out([Ejection, Ejection, Outlier, In, In], 30));
    }

    [Fact]
    public void An_outlier_is_never_the_last_that_could_be_picked()
    {
        Assert.Equal([Standing.In], EjectionCap.Apply([Outlier], 100));
        Assert.Equal([Standing.Out, Standing.In], EjectionCap.Apply([OwnOut, Outlier], 100));
        Assert.Equal([Standing.In, Standing.In], EjectionCap.Apply([HalfOpen, Outlier], 100));
    }

    [Fact]
    public void An_outlier_that_is_out_stays_out_before_another_goes() =>
        Assert.Equal([Standing.In, Standing.Out, Standing.In], EjectionCap.Apply([Outlier, Outlier with { Now = Standing.Out }, In], 30));

    [Fact]
    public void The_share_of_outliers_holds_for_any_pool()
    {
        Claim[] claim = [In, In, In, HalfOpen, OwnOut, Ejection, Hold, Outlier, Outlier with { Now = Standing.Out }];
        Gen.Select(Gen.Int[0, claim.Length - 1].Select(i => claim[i]).Array[0, 14], Gen.Int[1, 100]).Sample((claims, percent) =>
        {
            var standings = EjectionCap.Apply(claims, percent);
            var taken = claims.Zip(standings).Count(c => c.First.IsOutlier && c.Second != Standing.In);
            var gone = standings.Count(standing => standing == Standing.Out);
            Assert.True(taken == 0 || gone <= claims.Length * percent / 100 || (taken == 1 && gone == 1));
            if (taken > 0)
            {
                Assert.Contains(claims.Zip(standings), c => c.Second == Standing.In && !c.First.Restricted);
            }

            // Outliers neither reduce nor increase what hearsay may take.
            Assert.Equal(
                EjectionCap.Apply([.. claims.Select(c => c.IsOutlier ? OwnOut : c)]).Where((_, i) => claims[i].IsHearsay),
                standings.Where((_, i) => claims[i].IsHearsay));
        });
    }

    private static int Out(Claim[] claims, int percent) => EjectionCap.Apply(claims, percent).Count(standing => standing == Standing.Out);
}
