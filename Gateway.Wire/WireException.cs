using System.ComponentModel;

namespace Gateway.Wire;

/// <summary>A system call failed that must not: the loop cannot go on without it.</summary>
/// <param name="call">The name of the call.</param>
/// <param name="error">The error number.</param>
public sealed class WireException(string call, int error) : IOException($"{call}: {new Win32Exception(error).Message} ({error})")
{
    /// <summary>The error number.</summary>
    public int Error { get; } = error;
}
