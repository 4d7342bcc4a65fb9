using System.CommandLine;
using Gateway.Rig;

// What the scripts of bench/cluster need besides the shell: a load at a fixed rate whose client tries the next replica, and a look at
// metrics every few milliseconds. Both print to standard output and end after their time, or at SIGINT and SIGTERM.
var root = new RootCommand("A load with a fixed rate, and a watcher of metrics.") { LoadCommand.Create(), WatchCommand.Create() };
return await root.Parse(args).InvokeAsync();
