namespace Gateway.Node.Hosting;

/// <summary>
/// Whether socket completions run on the thread that detects them, the event loop, instead of on another: less CPU per request, as long as nothing on the data
/// path blocks. Preferred; the runtime's own variable, set to 0 or 1, takes precedence.
/// </summary>
internal static class InlineScheduling
{
    private const string Variable = "DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS";

    /// <summary>The variable's value; off if unset, as in a process other than the gateway.</summary>
    public static bool IsOn => Environment.GetEnvironmentVariable(Variable) is "1" or "true";

    /// <summary>Turns it on unless the environment sets it. Must be called before the first socket: the runtime reads the variable once.</summary>
    public static void Prefer()
    {
        if (Environment.GetEnvironmentVariable(Variable) is null)
        {
            Environment.SetEnvironmentVariable(Variable, "1");
        }
    }
}
