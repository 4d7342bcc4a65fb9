using System.Runtime.CompilerServices;

namespace Gateway.Tests.EndToEnd;

/// <summary>A test with a Node.js client from Gateway.Tests/Clients; skipped, with the reason, without Node.js or its packages.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class NodeFactAttribute : FactAttribute
{
    public NodeFactAttribute() => Skip =
        !(Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, "node"))) ? "node is not on the PATH"
        : !Directory.Exists(Path.Combine(Clients(), "node_modules")) ? "the packages are not there; npm ci in Gateway.Tests/Clients installs them"
        : null;

    /// <summary>The folder of the clients, in the repository in which the tests were built.</summary>
    public static string Clients([CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here)!, "..", "Clients");
}
