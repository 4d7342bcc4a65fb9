using System.Runtime.CompilerServices;

namespace Gateway.Tests;

/// <summary>Makes all tests, and the processes that they start, run with buffers that are poisoned on return and guarded at their ends.</summary>
internal static class CheckedBuffers
{
    [ModuleInitializer]
    internal static void TurnOn() => Environment.SetEnvironmentVariable("WIRE_CHECKED_BUFFERS", "1");
}
