using System.CommandLine;
using Gateway.Rig;
using Gateway.Rig.Churning;
using Gateway.Rig.Slow;
using Gateway.Rig.Streams;

// Tools for the scripts in bench: a load at a fixed rate whose client tries the next replica, a watch of metrics every few milliseconds,
// clients and backends that break off, slow clients, and streams with their backend. All print to standard output and end after their time, or on SIGINT and
// SIGTERM.
var root = new RootCommand("Load generators and a watcher of metrics.")
{
    LoadCommand.Create(), WatchCommand.Create(), ChurnCommand.Create(), SlowCommand.Create(),
    EchoServer.Create(), StreamsCommand.Create(),
};
return await root.Parse(args).InvokeAsync();
