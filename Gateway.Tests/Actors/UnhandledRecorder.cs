using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Event;

namespace Gateway.Tests.Actors;

/// <summary>Records the messages that reached an actor of a system which does not handle them.</summary>
internal sealed class UnhandledRecorder
{
    private readonly ConcurrentQueue<object> _messages = new();
    private readonly IActorRef _actor;

    private UnhandledRecorder(ActorSystem system)
    {
        var messages = _messages;
        _actor = system.ActorOf(Props.Create(() => new Recorder(messages)));
        system.EventStream.Subscribe(_actor, typeof(UnhandledMessage));
    }

    /// <summary>The messages recorded so far; one that was just handled may be missing.</summary>
    public IReadOnlyCollection<object> Recorded => _messages;

    public static UnhandledRecorder Of(ActorSystem system) => new(system);

    /// <summary>Returns all messages that actors have not handled until now.</summary>
    public async Task<IReadOnlyCollection<object>> AllAsync()
    {
        await _actor.Ask<ActorIdentity>(new Identify(0), TimeSpan.FromSeconds(60));
        return _messages;
    }

    private sealed class Recorder : UntypedActor
    {
        private readonly ConcurrentQueue<object> _messages;

        public Recorder(ConcurrentQueue<object> messages) => _messages = messages;

        protected override void OnReceive(object message) => _messages.Enqueue(((UnhandledMessage)message).Message);
    }
}
