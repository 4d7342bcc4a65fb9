using Gateway.Cli;
using Gateway.Cli.Invocation;

return await Pbm.RunAsync(args, new ProcessTerminal(), Environment.GetEnvironmentVariable);
