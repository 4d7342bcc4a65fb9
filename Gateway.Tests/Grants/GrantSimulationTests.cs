using CsCheck;

namespace Gateway.Tests.Grants;

/// <summary>Invariants among replicas that all repeatedly want to try one endpoint, for any timing and order of messages.</summary>
public sealed class GrantSimulationTests
{
    /// <summary>The longest turn: a second until it is used, the trial, the allowance for the messages, and the messages themselves.</summary>
    private static readonly TimeSpan MaxTurn = TimeSpan.FromSeconds(1 + 0.5 + 0.3) + GrantSimulation.Timeout;

    private static readonly Gen<ulong> Seeds = Gen.ULong;

    [Fact]
    public void One_trial_at_a_time_and_nobody_goes_without() => Gen.Select(Gen.Int[2, 7], Seeds).Sample((replicas, seed) =>
    {
        var cluster = Start(replicas, seed);
        cluster.Run(300);
        Assert.Equal((1, 0), (cluster.MaxTrials, cluster.OwnPermits));
        Assert.InRange(cluster.MaxWait, TimeSpan.Zero, MaxTurn * replicas);
    });

    [Fact]
    public void When_messages_are_lost_nobody_goes_without_either_and_every_grant_ends() => Seeds.Sample(seed =>
    {
        var cluster = Start(5, seed, loss: 0.2);
        cluster.Run(300);
        Assert.InRange(cluster.MaxWait, TimeSpan.Zero, MaxTurn * 15);

        cluster.Calm = true;
        cluster.Run(MaxTurn.TotalSeconds * 15);
        Assert.All(cluster.Nodes, node => Assert.Empty(node.Book.Lines));
    });

    [Fact]
    public void A_killed_holder_delays_the_others_by_no_more_than_one_turn_and_the_next_trial_is_again_alone() => Seeds.Sample(seed =>
    {
        var cluster = Start(5, seed);
        while (!cluster.Nodes.Any(node => node.IsTrying))
        {
            cluster.Run(0.01);
        }

        cluster.Nodes.Single(node => node.IsTrying).Kill();
        var left = cluster.Nodes.Where(node => node.Alive).ToArray();

        // Before it is noticed, the trial's time ends it; the dead granter's own grant is missed when its answer is due.
        cluster.Run(MaxTurn.TotalSeconds);
        cluster.See(left);
        cluster.Run(60);
        Assert.Equal(1, cluster.MaxTrials);
        Assert.InRange(cluster.MaxWait, TimeSpan.Zero, MaxTurn * 6);
    });

    [Fact]
    public void Each_side_of_a_split_has_one_trial_at_a_time_and_after_it_all_have_one() => Gen.Select(Gen.Int[1, 4], Seeds).Sample((one, seed) =>
    {
        var cluster = Start(5, seed);
        cluster.Run(20);
        cluster.See(cluster.Nodes[..one]);
        cluster.See(cluster.Nodes[one..]);

        // A trial that was under way at the split goes on beside those of the side that lost observation of it.
        cluster.Run(MaxTurn.TotalSeconds);
        for (var i = 0; i < 200; i++)
        {
            cluster.Run(0.2);
            Assert.InRange(cluster.Nodes[..one].Count(node => node.IsTrying), 0, 1);
            Assert.InRange(cluster.Nodes[one..].Count(node => node.IsTrying), 0, 1);
        }

        cluster.See(cluster.Nodes);
        cluster.Run(MaxTurn.TotalSeconds * 2);
        for (var i = 0; i < 200; i++)
        {
            cluster.Run(0.2);
            Assert.InRange(cluster.Nodes.Count(node => node.IsTrying), 0, 1);
        }
    });

    private static GrantSimulation Start(int replicas, ulong seed, double loss = 0)
    {
        var cluster = new GrantSimulation(replicas, seed, loss);
        foreach (var node in cluster.Nodes)
        {
            node.Want();
        }

        return cluster;
    }
}
