using Gateway.Cli;

return await Pbm.RunAsync(args, new ProcessTerminal(), Environment.GetEnvironmentVariable);
