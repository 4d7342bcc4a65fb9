using System.Globalization;
using Gateway.Interleavings;

// dotnet run -c Release --project bench/Gateway.Interleavings -- 3
// Every scenario with so many switches (default 2); 3 takes minutes.
var switches = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 2;
var faults = 0;
foreach (var scenario in Exploration.Scenarios)
{
    var (runs, fault) = Exploration.Run(scenario, switches);
    Console.WriteLine(FormattableString.Invariant($"{runs,9} interleavings  {fault ?? scenario}"));
    faults += fault is null ? 0 : 1;
}

return faults == 0 ? 0 : 1;
