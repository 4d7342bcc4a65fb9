using Akka.Actor;
using Akka.DistributedData;
using Gateway.Actors.Cluster;
using Gateway.Actors.Evidence;
using Gateway.Core.Membership;
using Gateway.Tests.Actors;
using Gateway.Tests.Cluster.Wire;
using Gateway.Tests.EndToEnd;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Tests.Cluster;

/// <summary>Every message between replicas has an actor that handles it.</summary>
[Collection(nameof(ClusterTests))]
public sealed class WireHandlingTests
{
    private static readonly TimeSpan WaitTimeout = TimeSpan.FromSeconds(60);
    private static readonly ReplicaId Sender = new("10.0.0.1:4053", 7);

    private interface IUnsubscribedMessage : IReplicaMessage
    {
        FromReplica IReplicaMessage.ReceivedFrom(ReplicaId sender) => new FromReplica<IUnsubscribedMessage>(sender, this);
    }

    public static TheoryData<string> Types => [.. WireTypes.Select(type => type.FullName!)];

    private static IEnumerable<Type> WireTypes => WireExamples.All.Select(example => example.GetType()).Distinct();

    [Theory]
    [MemberData(nameof(Types))]
    public void A_message_is_for_the_gateways_actors_or_for_the_link_or_data_of_the_replicator(string name)
    {
        var type = WireTypes.Single(type => type.FullName == name);
        Assert.Single(
            (Type[])[typeof(IReplicaMessage), typeof(ILinkMessage), typeof(IReplicatedData)],
            kind => type.IsAssignableTo(kind));
    }

    [Fact]
    public async Task Each_message_to_the_gateways_actors_is_handled_by_one_that_subscribes_to_its_family()
    {
        await using var gateway = await StartAsync();

        Assert.Empty(await FaultsOfAsync(gateway, [.. WireExamples.All.OfType<IReplicaMessage>()]));
    }

    [Fact]
    public async Task A_message_that_nobody_handles_is_found()
    {
        await using var gateway = await StartAsync();

        Assert.Equal(
            ["UnsubscribedMessage has no subscriber", "UnknownEvidence is not handled"],
            await FaultsOfAsync(gateway, new UnsubscribedMessage(), new UnknownEvidence(), new EvidenceBeat(1)));
    }

    [Fact]
    public async Task Each_message_to_the_link_is_handled_by_it()
    {
        using var port = new ReservedPort();
        await using var replica = TestReplica.Start(port, [port]);
        await replica.SeesGatewaysAsync(1);
        var link = await replica.LinkAsync();
        var unhandled = UnhandledRecorder.Of(replica.Node);
        var sender = new ReplicaId(replica.Address, 7); // The link answers, so the address is one that can be reached.

        Assert.Empty(await FaultsOfAsync(link, unhandled, [.. WireExamples.All.OfType<ILinkMessage>().Select(example => new WireEnvelope(sender, example))]));
        Assert.Equal(
            ["WireEnvelope is not handled"],
            await FaultsOfAsync(link, unhandled, new WireEnvelope(sender, new UnhandledLinkMessage())));
    }

    private static Task<TestGateway> StartAsync() => TestGateway.StartAsync([]);

    /// <summary>Publishes messages as the link does, and returns those that no actor of the replica handles.</summary>
    private static async Task<List<string>> FaultsOfAsync(TestGateway gateway, params IReplicaMessage[] messages)
    {
        var system = gateway.Services.GetRequiredService<ActorSystem>();
        var unhandled = UnhandledRecorder.Of(system);
        var actors = await ActorsAsync(system);
        var events = messages.Select(message => message.ReceivedFrom(Sender)).ToList();

        // A subscription that exists already is refused.
        var subscribers = events.Select(received => received.GetType()).Distinct()
            .ToDictionary(type => type, type => actors.Where(actor => !system.EventStream.Subscribe(actor, type)).ToList());
        foreach (var (type, known) in subscribers)
        {
            actors.Except(known).ToList().ForEach(actor => system.EventStream.Unsubscribe(actor, type));
        }

        events.ForEach(system.EventStream.Publish);
        await Task.WhenAll(actors.Select(actor => actor.Ask<ActorIdentity>(new Identify(0), WaitTimeout)));
        return
        [
            .. messages.Where((_, i) => subscribers[events[i].GetType()].Count != 1).Select(message => $"{message.GetType().Name} has no subscriber"),
            .. (await unhandled.AllAsync()).Select(message => $"{message.GetType().Name} is not handled"),
        ];
    }

    private static async Task<List<string>> FaultsOfAsync(IActorRef link, UnhandledRecorder unhandled, params WireEnvelope[] envelopes)
    {
        Array.ForEach(envelopes, envelope => link.Tell(envelope));
        await link.Ask<ActorIdentity>(new Identify(0), WaitTimeout);
        return [.. (await unhandled.AllAsync()).Select(message => $"{message.GetType().Name} is not handled")];
    }

    /// <summary>The actors that the system's keepers keep, once each has started.</summary>
    private static async Task<List<IActorRef>> ActorsAsync(ActorSystem system)
    {
        var keepers = ((ExtendedActorSystem)system).Provider.Guardian.Children.ToList();
        await Task.WhenAll(keepers.Select(keeper => keeper.Ask<ActorIdentity>(new Identify(0), WaitTimeout)));
        var actors = keepers.SelectMany(keeper => ((ActorRefWithCell)keeper).Children).ToList();
        await Task.WhenAll(actors.Select(actor => actor.Ask<ActorIdentity>(new Identify(0), WaitTimeout)));
        Assert.NotEmpty(actors);
        return actors;
    }

    private sealed record UnsubscribedMessage : IUnsubscribedMessage;

    private sealed record UnknownEvidence : IEvidenceMessage;

    private sealed record UnhandledLinkMessage : ILinkMessage;
}
