namespace Gateway.Node.Hosting;

/// <summary>
/// Whether completions of sockets run where they are noticed, on the event loop, instead of on another thread: less CPU for each
/// request, as long as nothing on the data path blocks. Preferred; the runtime's own variable, set to 0 or 1, has the last word.
/// </summary>
internal static class InlineScheduling
{
    private const string Variable = "DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS";

    /// <summary>What the variable says; off where nobody has set it, as in a process that is not a gateway's own.</summary>
    public static bool IsOn => Environment.GetEnvironmentVariable(Variable) is "1" or "true";

    /// <summary>Turns it on unless the environment says otherwise. Before the first socket: the runtime looks at the variable once.</summary>
    public static void Prefer()
    {
        if (Environment.GetEnvironmentVariable(Variable) is null)
        {
            Environment.SetEnvironmentVariable(Variable, "1");
        }
    }
}
