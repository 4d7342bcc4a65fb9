using System.ComponentModel;

namespace Gateway.Wire;

/// <summary>Thrown when a system call fails that the loop cannot do without.</summary>
/// <param name="call">The name of the call.</param>
/// <param name="error">The error number.</param>
public sealed class WireException(string call, int error) : IOException($"{call}: {new Win32Exception(error).Message} ({error})")
{
    /// <summary>The error number.</summary>
    public int Error { get; } = error;
}
