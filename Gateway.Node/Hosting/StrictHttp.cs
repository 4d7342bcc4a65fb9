using System.Runtime.CompilerServices;

namespace Gateway.Node.Hosting;

internal static class StrictHttp
{
    /// <summary>
    /// Makes Kestrel refuse a bare line feed as the end of a line, which other readers on the way may understand differently. Kestrel
    /// looks at the switch once, so it is set before anything else of this assembly runs.
    /// </summary>
    [ModuleInitializer]
    internal static void Enforce() => AppContext.SetSwitch("Microsoft.AspNetCore.Server.Kestrel.DisableHttp1LineFeedTerminators", true);
}
