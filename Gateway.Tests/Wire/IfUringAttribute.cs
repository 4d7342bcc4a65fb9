using System.Reflection;
using Gateway.Wire;
using Xunit.Sdk;

namespace Gateway.Tests.Wire;

/// <summary>A case of a theory that needs io_uring; skipped, with the reason, if the system has none.</summary>
/// <param name="arguments">The arguments of the case.</param>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class IfUringAttribute(params object[] arguments) : DataAttribute
{
    private static readonly string? Fault = UringProbe.FaultOf();

    public override string? Skip { get; set; } = Fault is null ? null : $"io_uring is not available: {Fault}";

    public override IEnumerable<object[]> GetData(MethodInfo testMethod) => [arguments];
}
