using Gateway.Node.Settings;

var command = new GatewayCommand((_, _, _) =>
{
    Console.WriteLine("settings ok");
    return Task.FromResult(0);
});
return await command.InvokeAsync(args);
