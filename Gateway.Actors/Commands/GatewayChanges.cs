using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Gateway.Actors.Inspection;
using Gateway.Core.Commands;

namespace Gateway.Actors.Commands;

/// <summary>The commands of the palette <c>gateway</c> that change something.</summary>
public sealed class GatewayChanges(IReplicaControl control)
{
    public ImmutableArray<Command> Commands =>
    [
        new(new("reload", "Read the settings again and bring them into force unless they are faulty.", [], Changes: true), ReloadAsync),
    ];

    private async IAsyncEnumerable<CommandOutput> ReloadAsync(CommandRequest request, [EnumeratorCancellation] CancellationToken cancellation)
    {
        switch (await control.ReloadAsync(cancellation).ConfigureAwait(false))
        {
            case ReloadOutcome.Applied(var pools, var routes, var needRestart):
                yield return new CommandOutput.Line($"settings reloaded: {pools} pools, {routes} routes");
                foreach (var key in needRestart)
                {
                    yield return new CommandOutput.Line($"{key} has changed; it takes effect at the next start");
                }

                break;
            case ReloadOutcome.Refused(var faults):
                foreach (var fault in faults.Length > 1 ? faults : [])
                {
                    yield return new CommandOutput.Line(fault);
                }

                yield return new CommandOutput.Failed(faults.Length > 1 ? "the settings that were in force stay" : faults[0]);
                break;
            default:
                throw new InvalidOperationException("no such result");
        }
    }
}
