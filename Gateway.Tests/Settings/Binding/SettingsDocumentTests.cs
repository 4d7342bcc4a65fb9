using System.Text.Json.Nodes;
using Gateway.Core.Balancing;
using Gateway.Core.Pools;
using Gateway.Node.Settings.Binding;

namespace Gateway.Tests.Settings.Binding;

/// <summary>The output of <c>config show</c> is a file that creates the same settings.</summary>
public sealed class SettingsDocumentTests
{
    public static TheoryData<string> Keys => SchemaTests.Keys;

    [Theory]
    [MemberData(nameof(Keys))]
    public async Task Settings_with_this_key_are_the_same_after_they_were_written_and_read(string path)
    {
        var settings = await Given.Loaded("", SchemaTests.WithExampleOf(path));
        var document = SettingsDocument.Of(settings);
        var again = await Given.Loaded("", document);
        Assert.True(Dump.Of(settings) == Dump.Of(again), $"{path} is lost in SettingsDocument:\n{document}");
    }

    [Fact]
    public async Task A_flag_sets_its_value_in_the_document()
    {
        var settings = await Given.Loaded($"{Given.OneEndpoint} --retry-attempts 7 --zone z");
        var document = JsonNode.Parse(SettingsDocument.Of(settings))!;
        Assert.Equal("z", (string?)document["zone"]);
        Assert.Equal(7, (int)document["pools"]!["default"]!["retry"]!["attempts"]!);
        Assert.Equal(Dump.Of(settings with { ConfigPath = Given.FilePath }), Dump.Of(await Given.Loaded("", document.ToJsonString())));
    }

    [Fact]
    public void A_pool_has_the_same_digest_whatever_the_order_of_its_endpoints_and_another_when_anything_else_differs()
    {
        var pool = new PoolSettings { Name = "default", Endpoints = [new(TestEndpoints.Address(1)), new(TestEndpoints.Address(2), Weight: 3)] };
        var digest = SettingsDocument.DigestOf(pool);
        Assert.Equal(digest, SettingsDocument.DigestOf(pool with { Endpoints = [pool.Endpoints[1], pool.Endpoints[0]] }));
        PoolSettings[] others =
        [
            pool with { Endpoints = [pool.Endpoints[0]] },
            pool with { Endpoints = [pool.Endpoints[0], pool.Endpoints[1] with { Weight = 4 }] },
            pool with { Strategy = Strategy.Random },
            pool with { Health = pool.Health with { Interval = TimeSpan.FromSeconds(7) } },
            pool with { PanicThreshold = 1 },
        ];
        Assert.All(others, other => Assert.NotEqual(digest, SettingsDocument.DigestOf(other)));
    }
}
