using Gateway.Node.Admin;
using Gateway.Node.Composition;
using Gateway.Node.Demo;
using Gateway.Node.Sample;
using Gateway.Node.SelfCheck;
using Gateway.Node.Settings.Loading;
using Gateway.Node.Signals;

// Must come first: until then signals have the system's default effect.
using var signals = new ProcessSignals();
var command = new GatewayCommand(
    (settings, source, _) => GatewayHost.RunAsync(settings, source, signals),
    [DemoCommand.Create(), BackendCommand.Create(), TokenCommand.Create(), ProbeCommand.Create()]);
return await command.InvokeAsync(args, cancel: signals.Stop);
