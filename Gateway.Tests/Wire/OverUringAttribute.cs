using System.Reflection;
using Gateway.Wire;
using Xunit.Sdk;

namespace Gateway.Tests.Wire;

/// <summary>The theory's case over io_uring; skipped, with the reason, where the system has none.</summary>
/// <param name="arguments">Those after the carrier.</param>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class OverUringAttribute(params object[] arguments) : DataAttribute
{
    private static readonly string? Fault = UringProbe.FaultOf();

    public override string? Skip { get; set; } = Fault is null ? null : $"no io_uring: {Fault}";

    public override IEnumerable<object[]> GetData(MethodInfo testMethod) => [[Carrier.Uring, .. arguments]];
}
