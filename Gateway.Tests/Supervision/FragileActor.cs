using Akka.Actor;

namespace Gateway.Tests.Supervision;

/// <summary>Echoes messages, and fails as requested: at a message, or at its start.</summary>
internal sealed class FragileActor(FragileActor.Faults faults) : UntypedActor
{
    protected override void PreStart()
    {
        Interlocked.Increment(ref faults.Starts);
        if (Interlocked.Decrement(ref faults.FailingStarts) >= 0)
        {
            throw new InvalidOperationException("a start that the test lets fail");
        }
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case "crash":
                throw new InvalidOperationException("a crash that the test asked for");
            case "end":
                Context.Stop(Self);
                break;
            default:
                Sender.Tell(message);
                break;
        }
    }

    /// <summary>State that outlives the actor.</summary>
    public sealed class Faults
    {
        /// <summary>The number of future starts that fail.</summary>
        public int FailingStarts;

        /// <summary>The number of starts.</summary>
        public int Starts;
    }
}
