using Akka.Actor;
using Akka.Configuration;

namespace Gateway.Tests.Running;

/// <summary>Actors on threads that sleep while there is nothing to do.</summary>
public sealed class SleepingExecutorTests
{
    [Fact]
    public async Task Actors_of_its_dispatcher_get_all_their_messages_each_in_order()
    {
        using var system = ActorSystem.Create("sleeping", ConfigurationFactory.ParseString(
            """
            akka { stdout-loglevel = OFF, loglevel = OFF }
            own { executor = "Gateway.Actors.Running.SleepingExecutorConfigurator, Gateway.Actors", threads = 2 }
            """));
        var actors = Enumerable.Range(0, 20).Select(_ => system.ActorOf(Props.Create(() => new Summing()).WithDispatcher("own"))).ToList();
        for (var i = 0; i < 1000; i++)
        {
            actors.ForEach(actor => actor.Tell(i));
        }

        foreach (var actor in actors)
        {
            Assert.Equal(1000, await actor.Ask<int>("count", TimeSpan.FromSeconds(20)));
        }

        await system.Terminate();
    }

    /// <summary>Counts integers that arrive in order.</summary>
    private sealed class Summing : UntypedActor
    {
        private int _next;

        protected override void OnReceive(object message)
        {
            switch (message)
            {
                case int number when number == _next:
                    _next++;
                    break;
                case "count":
                    Sender.Tell(_next);
                    break;
                default:
                    Unhandled(message);
                    break;
            }
        }
    }
}
