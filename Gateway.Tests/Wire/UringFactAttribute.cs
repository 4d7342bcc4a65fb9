using Gateway.Wire;

namespace Gateway.Tests.Wire;

/// <summary>A test that needs io_uring; skipped, with the reason, if the system has none.</summary>
public sealed class UringFactAttribute : FactAttribute
{
    private static readonly string? Fault = UringProbe.FaultOf();

    public UringFactAttribute() => Skip = Fault is null ? null : $"io_uring is not available: {Fault}";
}
