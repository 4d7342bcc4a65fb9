using Gateway.Node.Hosting;
using Gateway.Node.Sample;
using Gateway.Node.Settings;

var command = new GatewayCommand(
    (settings, source, cancel) => GatewayHost.RunAsync(settings, source, cancel),
    [BackendCommand.Create()]);
return await command.InvokeAsync(args);
