using System.Reflection;
using Xunit.Sdk;

namespace Gateway.Tests;

/// <summary>A case of a theory that needs Linux; skipped elsewhere.</summary>
/// <param name="arguments">Of the case.</param>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class IfLinuxAttribute(params object[] arguments) : DataAttribute
{
    public override string? Skip { get; set; } = OperatingSystem.IsLinux() ? null : "it needs Linux";

    public override IEnumerable<object[]> GetData(MethodInfo testMethod) => [arguments];
}
