using CsCheck;
using Gateway.Wire;

namespace Gateway.Tests.Wire;

public sealed class PollTableTests
{
    [Fact]
    public void A_token_whose_slot_was_given_up_does_not_find_the_next_in_it()
    {
        var table = new PollTable();
        var (first, second) = (new Target(), new Target());
        var old = table.Add(first);
        table.Remove(old);
        var token = table.Add(second);

        Assert.Equal((uint)old, (uint)token);
        Assert.Null(table.Find(old));
        Assert.Same(second, table.Find(token));
        Assert.Throws<InvalidOperationException>(() => table.Remove(old));
        Assert.Same(second, table.Find(token));
    }

    [Fact]
    public void A_slot_is_given_up_once()
    {
        var table = new PollTable();
        var token = table.Add(new Target());
        table.Remove(token);
        Assert.Throws<InvalidOperationException>(() => table.Remove(token));
        Assert.Equal(0, table.Count);
    }

    [Fact]
    public void Every_token_ever_given_finds_its_own_target_or_nobody() =>
        Gen.Int[0, 2_000].Array[1, 1_500].Sample(steps =>
        {
            var (table, given, live) = (new PollTable(), new List<(ulong Token, Target Target)>(), new List<(ulong Token, Target Target)>());
            foreach (var step in steps)
            {
                if (step % 5 < 3 || live.Count == 0)
                {
                    var target = new Target();
                    live.Add((table.Add(target), target));
                    given.Add(live[^1]);
                }
                else
                {
                    var at = step % live.Count;
                    table.Remove(live[at].Token);
                    live.RemoveAt(at);
                }
            }

            Assert.Equal(given.Count, given.Select(g => g.Token).Distinct().Count());
            Assert.Equal(live.Count, table.Count);
            Assert.Equal(live.Select(l => l.Target).ToHashSet(), table.All.Cast<Target>().ToHashSet());
            foreach (var (token, target) in given)
            {
                Assert.Same(live.Any(l => l.Token == token) ? target : null, table.Find(token));
            }
        }, iter: 100);

    private sealed class Target : IPollTarget
    {
        public void OnReady(Readiness ready)
        {
        }
    }
}
