using System.Runtime.CompilerServices;

namespace Gateway.Tests;

/// <summary>All tests run with buffers that are poisoned on their return and guarded at their ends, the processes that they start too.</summary>
internal static class CheckedBuffers
{
    [ModuleInitializer]
    internal static void TurnOn() => Environment.SetEnvironmentVariable("WIRE_CHECKED_BUFFERS", "1");
}
