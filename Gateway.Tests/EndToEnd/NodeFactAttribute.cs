using System.Runtime.CompilerServices;

namespace Gateway.Tests.EndToEnd;

/// <summary>A test with a client that runs on Node.js, out of Gateway.Tests/Clients; where Node.js or the packages are not there it is skipped and says so.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class NodeFactAttribute : FactAttribute
{
    public NodeFactAttribute() => Skip =
        !(Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, "node"))) ? "node is not on the PATH"
        : !Directory.Exists(Path.Combine(Clients(), "node_modules")) ? "the packages are not there; npm ci in Gateway.Tests/Clients installs them"
        : null;

    /// <summary>Where the clients are, in the repository that the tests were built in.</summary>
    public static string Clients([CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here)!, "..", "Clients");
}
