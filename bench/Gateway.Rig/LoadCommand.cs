using System.CommandLine;

namespace Gateway.Rig;

/// <summary><c>rig load</c>: requests at a fixed rate to several replicas; ends with one line of counts. Exit code 1 if any failed.</summary>
internal static class LoadCommand
{
    public static Command Create()
    {
        var targets = new Option<string[]>("--target") { Description = "a replica; several are used in turn", Required = true, AllowMultipleArgumentsPerToken = true };
        var rate = new Option<double>("--rate") { Description = "requests per second, over all replicas", DefaultValueFactory = _ => 200 };
        var seconds = new Option<double>("--seconds") { Description = "duration in seconds", DefaultValueFactory = _ => 10 };
        var path = new Option<string>("--path") { Description = "path to request", DefaultValueFactory = _ => "/" };
        var stay = new Option<bool>("--stay") { Description = "count a refused request as failed instead of trying another replica" };
        var command = new Command("load", "Requests at a fixed rate, each sent on time regardless of the others.") { targets, rate, seconds, path, stay };
        command.SetAction(async (parsed, cancellation) =>
        {
            using var load = new Load(
                parsed.GetValue(targets)!.Select(target => new Uri(target)), parsed.GetValue(path)!, parsed.GetValue(stay), TimeProvider.System, Console.Out.WriteLine);
            await load.RunAsync(parsed.GetValue(rate), TimeSpan.FromSeconds(parsed.GetValue(seconds)), cancellation);
            foreach (var line in load.Summary())
            {
                Console.WriteLine(line);
            }

            return load.Failed > 0 ? 1 : 0;
        });
        return command;
    }
}
