using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Gateway.Actors.Cluster.Options;
using Gateway.Actors.Surroundings;
using Gateway.Core.Pools;
using Gateway.Node.Routing;
using Gateway.Node.Settings;
using Gateway.Node.State;
using Microsoft.Extensions.Time.Testing;

namespace Gateway.Tests.Hosting;

/// <summary>The answer of <c>/ready</c> while an actor is down.</summary>
public sealed class ReadyDetailTests
{
    private readonly FakeTimeProvider _clock = new();
    private readonly Vitals _vitals = new();

    [Fact]
    public void A_replica_whose_actors_all_run_is_ready_and_says_no_more() => Assert.Equal("""{"status":"ready"}""", Ask().Body);

    [Fact]
    public void One_with_an_actor_out_stays_ready_and_says_which_and_for_how_long_but_no_names()
    {
        var now = _clock.GetElapsedTime(0);
        _vitals.Ended(new("endpoint", "default/http://10.0.0.1:80", now, "secret"));
        _vitals.Ended(new("endpoint", "default/http://10.0.0.2:80", now, "secret"));
        _vitals.Ended(new("evidence", "evidence", now, "secret"));
        _clock.Advance(TimeSpan.FromSeconds(2.5));
        var (status, body) = Ask();
        var impaired = JsonNode.Parse(body)!["impaired"]!.AsArray().ToDictionary(one => (string)one!["actor"]!, one => ((int)one!["count"]!, (double)one["seconds"]!));
        Assert.Equal((200, (2, 2.5), (1, 2.5)), (status, impaired["endpoint"], impaired["evidence"]));
        Assert.DoesNotContain("secret", body, StringComparison.Ordinal);
        Assert.DoesNotContain("10.0.0.1", body, StringComparison.Ordinal);

        foreach (var outage in _vitals.Outages.ToList())
        {
            _vitals.Clear(outage.Kind, outage.Name);
        }

        Assert.Equal("""{"status":"ready"}""", Ask().Body);
    }

    private (int Status, string Body) Ask()
    {
        var settings = new GatewaySettings { GatewayId = "g", Pools = [] };
        var cluster = new ClusterOptions { GatewayId = "g" };
        var state = new GatewayState(_clock, cluster, new ClusterViews(cluster), new EvidenceLedger(), new OverridesHolder(), _vitals);
        state.Publish(new(settings, new RouteTable<Pool>([], _ => new(new() { Name = "default", Endpoints = [] })), ImmutableDictionary<string, Pool>.Empty));
        state.WarmedUp();
        var answer = ReadyAnswer.Of(state);
        return (answer.Status, System.Text.Encoding.UTF8.GetString(answer.Body));
    }
}
