using System.Collections;
using System.Globalization;
using System.Reflection;

namespace Gateway.Tests.Settings;

/// <summary>All values in settings, as one text: compares them whole, lists by content.</summary>
internal static class Dump
{
    public static string Of(object? value) => value switch
    {
        null => "null",
        string text => $"\"{text}\"",
        IEnumerable list => "[" + string.Join(", ", list.Cast<object?>().Select(Of)) + "]",
        _ when value.GetType().Namespace!.StartsWith("Gateway", StringComparison.Ordinal) && !value.GetType().IsEnum =>
            value.GetType().Name + " { " + string.Join(", ", Properties(value).Select(p => $"{p.Name} = {Of(p.GetValue(value))}")) + " }",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    private static IEnumerable<PropertyInfo> Properties(object value) => value.GetType()
        .GetProperties(BindingFlags.Public | BindingFlags.Instance)
        .Where(p => p.GetIndexParameters().Length == 0);
}
