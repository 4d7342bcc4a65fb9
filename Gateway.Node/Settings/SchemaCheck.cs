using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.Node.Settings.Schema;

namespace Gateway.Node.Settings;

/// <summary>Checks a document against a schema: at most one error per value and missing key, those of an object in the order of its schema.</summary>
internal sealed class SchemaCheck
{
    private readonly List<SchemaFault> _faults = [];

    private SchemaCheck()
    {
    }

    public static List<SchemaFault> Of(JsonNode? document, SchemaNode schema)
    {
        var check = new SchemaCheck();
        check.Visit(document, schema, SchemaPlace.Root);
        return check._faults;
    }

    /// <summary>The type of a value; null for JSON's null.</summary>
    public static SchemaTypes TypeOf(JsonNode? value) => value?.GetValueKind() switch
    {
        JsonValueKind.Object => SchemaTypes.Object,
        JsonValueKind.Array => SchemaTypes.List,
        JsonValueKind.String => SchemaTypes.Text,
        JsonValueKind.True or JsonValueKind.False => SchemaTypes.Truth,
        JsonValueKind.Number => value.ToJsonString().AsSpan().IndexOfAny(".eE") < 0 ? SchemaTypes.Integer : SchemaTypes.Number,
        _ => SchemaTypes.None,
    };

    private void Visit(JsonNode? value, SchemaNode schema, SchemaPlace place)
    {
        if (FaultOf(value, schema) is { } kind)
        {
            _faults.Add(new(kind, schema, value, place));
        }
        else if (value is JsonObject map && schema.OneOf.IsEmpty)
        {
            VisitKeys(map, schema, place);
        }
        else if (value is JsonArray list && schema.Items is { } items)
        {
            for (var i = 0; i < list.Count; i++)
            {
                Visit(list[i], items, place.Of(list, i));
            }
        }
    }

    private void VisitKeys(JsonObject map, SchemaNode schema, SchemaPlace place)
    {
        foreach (var (key, property) in schema.Properties)
        {
            if (map.TryGetPropertyValue(key, out var value))
            {
                Visit(value, property, place.Of(map, key));
            }
            else if (schema.Required.Contains(key))
            {
                _faults.Add(new(SchemaFaultKind.MissingKey, schema, map, place, key));
            }
        }

        foreach (var (key, value) in map)
        {
            if (schema.Property(key) is not null)
            {
                continue;
            }

            if (schema.PatternProperty is { } pattern && pattern.Key.IsMatch(key))
            {
                Visit(value, pattern.Value, place.Of(map, key));
            }
            else if (!schema.Open)
            {
                _faults.Add(new(SchemaFaultKind.UnknownKey, schema, value, place.Of(map, key), key));
            }
        }
    }

    /// <summary>The rule that the value itself violates, without its items and keys; null: none.</summary>
    private static SchemaFaultKind? FaultOf(JsonNode? value, SchemaNode schema)
    {
        if (schema.OneOf.Length > 0 && schema.OneOf.Count(one => Of(value, one).Count == 0) != 1)
        {
            return SchemaFaultKind.NotOfKind;
        }

        var type = TypeOf(value);
        var allowed = schema.Types.HasFlag(SchemaTypes.Number) ? schema.Types | SchemaTypes.Integer : schema.Types;
        if (allowed != SchemaTypes.None && (type & allowed) == 0)
        {
            return SchemaFaultKind.NotOfKind;
        }

        var fault = type switch
        {
            SchemaTypes.Text => FaultOf((string)value!, schema),
            SchemaTypes.Integer or SchemaTypes.Number => FaultOf(double.Parse(value!.ToJsonString(), CultureInfo.InvariantCulture), schema),
            SchemaTypes.List when schema.UniqueItems && HasDuplicates(value!.AsArray()) => SchemaFaultKind.NotOfKind,
            _ when schema.Choices.Length > 0 => SchemaFaultKind.NotOfKind,
            _ => null,
        };

        // With several types, a rule of one of them does not describe everything that is allowed.
        return fault is not null && int.PopCount((int)schema.Types) > 1 ? SchemaFaultKind.NotOfKind : fault;
    }

    private static SchemaFaultKind? FaultOf(string text, SchemaNode schema) =>
        !schema.Matches(text) ? SchemaFaultKind.NotOfKind
        : text.Length < schema.MinLength ? SchemaFaultKind.TooShort
        : text.Length > schema.MaxLength ? SchemaFaultKind.TooLong
        : schema.Choices.Length > 0 && !schema.Choices.Contains(text) ? SchemaFaultKind.NotOfKind
        : Fits(text, schema) ? null
        : SchemaFaultKind.NotOfKind;

    private static SchemaFaultKind? FaultOf(double number, SchemaNode schema) =>
        number < (double?)schema.Minimum || number <= (double?)schema.ExclusiveMinimum || number > (double?)schema.Maximum ? SchemaFaultKind.OutOfRange
        : schema.Choices.Length > 0 ? SchemaFaultKind.NotOfKind
        : null;

    /// <summary>Checks rules beyond JSON Schema: the range of a duration, and that texts have one line.</summary>
    private static bool Fits(string text, SchemaNode schema)
    {
        if (text.Any(char.IsControl))
        {
            return false;
        }

        return FaultText.DurationRange(schema) is not var (min, max)
            || (DurationText.TryParse(text, out var duration) && duration >= min && duration <= max);
    }

    private static bool HasDuplicates(JsonArray list)
    {
        for (var i = 0; i < list.Count; i++)
        {
            for (var j = 0; j < i; j++)
            {
                if (JsonNode.DeepEquals(list[i], list[j]))
                {
                    return true;
                }
            }
        }

        return false;
    }
}
