using System.Runtime.CompilerServices;

namespace Gateway.Node.Hosting;

internal static class StrictHttp
{
    /// <summary>
    /// Makes Kestrel refuse a bare line feed as a line end, which other hops may interpret differently. Kestrel reads the switch once, so it is set before
    /// anything else of this assembly runs.
    /// </summary>
    [ModuleInitializer]
    internal static void Enforce() => AppContext.SetSwitch("Microsoft.AspNetCore.Server.Kestrel.DisableHttp1LineFeedTerminators", true);
}
