using System.Globalization;
using Gateway.Scale;

// The cost of a cluster by its size, and the number of trips caused by one failure where errors are ordinary, in virtual time: docs/scaling.md. Prints tables
// in Markdown; takes some minutes.
// Usage: dotnet run -c Release --project bench/Gateway.Scale [-- REPLICASxENDPOINTS... | errors [MINUTES] | large REPLICASxENDPOINTS]
if (args is ["errors", ..])
{
    var minutes = args.Length > 1 ? Number(args[1]) : 5;
    Console.WriteLine("| replicas | requests/s per endpoint | errors | minutes | trips before | trips by the failure | further trips in its minute | maximum |\n|---|---|---|---|---|---|---|---|");
    foreach (var (count, rate, errors) in ((int, double, double)[])[(3, 110, 0.005), (3, 1000, 0.01), (10, 1000, 0.01), (25, 1000, 0.01), (50, 1000, 0.005), (50, 1000, 0.01)])
    {
        Console.WriteLine(ErrorScenario.Measure(count, rate, errors, minutes));
    }
    return;
}

if (args is ["large", var large])
{
    var (r, e) = (Number(large.Split('x')[0]), Number(large.Split('x')[1]));
    new LargePool(r, e).Print();
    return;
}

(int Replicas, int Endpoints)[] sizes = args.Length == 0
    ? [(3, 1000), (10, 1000), (25, 1000), (50, 1000), (50, 100), (50, 10)]
    : [.. args.Select(arg => arg.Split('x')).Select(size => (Number(size[0]), Number(size[1])))];
_ = Scenario.Measure(5, 50); // Compiles the code, so that the first row is like the others.
_ = Scenario.Measure(5, 50);
List<string> events = [];
Console.WriteLine("| replicas | endpoints | messages/s | bytes/s | probes/s | CPU % of a core |\n|---|---|---|---|---|---|");
foreach (var (replicas, endpoints) in sizes)
{
    var (steady, ofEvents) = Scenario.Measure(replicas, endpoints);
    Console.WriteLine(steady);
    events.AddRange(ofEvents);
}

Console.WriteLine(
    "\n| replicas | endpoints | event | complete after | last message after | messages | KiB | CPU ms | CPU ms, busiest |\n|---|---|---|---|---|---|---|---|---|");
events.ForEach(Console.WriteLine);

static int Number(string text) => int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);
