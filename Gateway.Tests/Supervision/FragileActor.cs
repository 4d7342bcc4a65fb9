using Akka.Actor;

namespace Gateway.Tests.Supervision;

/// <summary>Echoes what it is told, and fails as the test says: at a message, or as long as it may not start.</summary>
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

    /// <summary>What outlives the actor.</summary>
    public sealed class Faults
    {
        /// <summary>How many starts fail from now on.</summary>
        public int FailingStarts;

        /// <summary>How often it was started.</summary>
        public int Starts;
    }
}
