using System.Globalization;
using Gateway.Fuzz;
using Gateway.Fuzz.Engine;
using Gateway.Fuzz.Engine.Http2;

// The parsers:        dotnet run -c Release --project bench/Gateway.Fuzz -- --inputs 10000000 --seed 1
// The whole engine:   dotnet run -c Release --project bench/Gateway.Fuzz -- --engine --inputs 10000000 --seed 1
// The HTTP/2 server:  dotnet run -c Release --project bench/Gateway.Fuzz -- --http2 --inputs 10000000 --seed 1
// Decoding of HPACK:  dotnet run -c Release --project bench/Gateway.Fuzz -- --hpack --inputs 10000000 --seed 1
// One of its inputs:  dotnet run -c Release --project bench/Gateway.Fuzz -- --engine --inputs 1 --seed SEED
Environment.SetEnvironmentVariable("WIRE_CHECKED_BUFFERS", "1"); // Must come first: a miscount throws.
var inputs = ArgumentOf("--inputs", 1_000_000);
var first = ArgumentOf("--seed", 1);
var seed = (int)first;
var clock = TimeProvider.System;
var start = clock.GetTimestamp();
if (args.Contains("--hpack"))
{
    var hpack = new HpackCampaign();
    hpack.Run(first, inputs);
    Console.WriteLine(hpack.Failure?.What);
    Console.WriteLine(hpack.Summary());
    return hpack.Failure is null ? 0 : 1;
}

if (args.Contains("--engine") || args.Contains("--http2"))
{
    var engine = new EngineCampaign(args.Contains("--http2") ? Http2Input.Run : null);
    engine.Run(first, inputs, done =>
    {
        if (done % 100_000 == 0)
        {
            Console.WriteLine(FormattableString.Invariant($"{done} inputs, {Rate(done)} inputs/s"));
        }
    });
    if (engine.Failure is var (failed, how))
    {
        Console.WriteLine(engine.Trace);
        Console.WriteLine(FormattableString.Invariant($"seed {failed}: {how}"));
    }

    Console.WriteLine(FormattableString.Invariant($"from seed {first}, {Rate(engine.Inputs)} inputs/s"));
    Console.WriteLine(engine.Summary());
    return engine.Failure is null ? 0 : 1;
}

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
