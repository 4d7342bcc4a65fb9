using Gateway.Node.Admin;
using Gateway.Node.Demo;
using Gateway.Node.Hosting;
using Gateway.Node.Sample;
using Gateway.Node.SelfCheck;
using Gateway.Node.Settings;

var command = new GatewayCommand(GatewayHost.RunAsync, [DemoCommand.Create(), BackendCommand.Create(), TokenCommand.Create(), ProbeCommand.Create()]);
return await command.InvokeAsync(args);
