using Akka.Configuration;
using Akka.Dispatch;

namespace Gateway.Actors.Running;

/// <summary>Creates a <see cref="SleepingExecutor"/> for a dispatcher whose <c>executor</c> names this type; <c>threads</c> sets the number.</summary>
public sealed class SleepingExecutorConfigurator(Config config, IDispatcherPrerequisites prerequisites) : ExecutorServiceConfigurator(config, prerequisites)
{
    public override ExecutorService Produce(string id) => new SleepingExecutor(id, Config.GetInt("threads"));
}
