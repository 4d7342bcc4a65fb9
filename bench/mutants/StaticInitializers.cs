using System.Reflection;
using System.Runtime.CompilerServices;

namespace Gateway.Tests;

/// <summary>
/// Runs the static initializers of the tested project and of its tests when the process starts, before any mutant is active. Stryker keeps a process from one mutant to
/// the next: a value such as <c>OwnStream.Empty</c>, made while a mutant was active, would stay wrong, and tests would fail for mutants that they do not notice.
/// </summary>
internal static class StaticInitializers
{
    [ModuleInitializer]
    internal static void Run()
    {
        var tests = typeof(StaticInitializers).Assembly;
        var tested = tests.GetReferencedAssemblies().Where(name => name.Name!.StartsWith("Gateway.", StringComparison.Ordinal)).Select(Assembly.Load);
        foreach (var type in tested.Append(tests).SelectMany(assembly => assembly.GetTypes()).Where(type => !type.ContainsGenericParameters && type != typeof(StaticInitializers)))
        {
            RuntimeHelpers.RunClassConstructor(type.TypeHandle);
        }
    }
}
