namespace Gateway.Interleavings;

/// <summary>Runs a scenario in every interleaving of its threads' steps, up to a number of switches, and finds the first that breaks its rules.</summary>
public static class Exploration
{
    /// <summary>The names of the scenarios.</summary>
    public static IReadOnlyCollection<string> Scenarios => [.. PoolScenarios.All.Keys];

    /// <param name="scenario">One of <see cref="Scenarios"/>.</param>
    /// <param name="switches">Switches at most away from a thread that could have gone on.</param>
    /// <returns>How many interleavings there are, or were run until the fault; the fault, and by which decisions it comes; null: none.</returns>
    public static (int Runs, string? Fault) Run(string scenario, int switches)
    {
        var choices = new EveryChoice(switches);
        var runs = 0;
        do
        {
            runs++;
            var world = new PoolWorld();
            using var scheduler = new Scheduler(choices);
            var fault = scheduler.Run(PoolScenarios.All[scenario](world)) ?? world.FindFault();
            if (fault is not null)
            {
                return (runs, $"{scenario}: {fault.Message} (decisions {choices})");
            }
        }
        while (choices.Next());

        return (runs, null);
    }
}
