using System.Globalization;
using Gateway.Fuzz;

// dotnet run -c Release --project bench/Gateway.Fuzz -- --inputs 10000000 --seed 1
var inputs = ArgumentOf("--inputs", 1_000_000);
var seed = (int)ArgumentOf("--seed", 1);
var clock = TimeProvider.System;
var start = clock.GetTimestamp();

var campaign = new Campaign(seed);
campaign.Run(inputs, done =>
{
    if (done % 1_000_000 == 0)
    {
        Console.WriteLine(FormattableString.Invariant($"{done} inputs, {Rate(done)} inputs/s"));
    }
});

if (campaign.Failure is var (input, what))
{
    var file = FormattableString.Invariant($"failure-{seed}.bin");
    File.WriteAllBytes(file, input);
    Console.WriteLine($"{file}: {what}");
}

Console.WriteLine(FormattableString.Invariant($"seed {seed}, {Rate(inputs)} inputs/s"));
Console.WriteLine(campaign.Summary(inputs));
return campaign.Failure is null ? 0 : 1;

long ArgumentOf(string name, long otherwise)
{
    var at = Array.IndexOf(args, name);
    return at < 0 ? otherwise : long.Parse(args[at + 1], CultureInfo.InvariantCulture);
}

long Rate(long done) => (long)(done / clock.GetElapsedTime(start).TotalSeconds);
