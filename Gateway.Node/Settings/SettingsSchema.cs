using System.Globalization;
using Newtonsoft.Json.Linq;
using NJsonSchema;
using NJsonSchema.Validation;

namespace Gateway.Node.Settings;

/// <summary>
/// The JSON schema that ships with the process, and the one place where types, ranges and choices stand. Every layer is held
/// against it; what does not fit becomes one line each and is taken out, so that the rest can still be looked at.
/// </summary>
internal sealed class SettingsSchema
{
    private const string Resource = "gateway.schema.json";

    private readonly JsonSchema _root;
    private readonly Validator _validator = new();

    private SettingsSchema(JsonSchema root) => _root = root;

    public static async Task<SettingsSchema> LoadAsync(CancellationToken cancel)
    {
        await using var stream = typeof(SettingsSchema).Assembly.GetManifestResourceStream(Resource)
            ?? throw new InvalidOperationException($"{Resource} is missing in the assembly");
        return new(await JsonSchema.FromJsonAsync(stream, cancel).ConfigureAwait(false));
    }

    /// <summary>Adds a line for each value that does not fit, and takes those values out of the layer.</summary>
    public void Check(Layer layer, Faults faults)
    {
        // One line for each value, though it may break several rules at once; what is no object misses no keys.
        var errors = Flatten(_validator.Validate(layer.Values, _root))
            .Where(e => e.Kind != ValidationErrorKind.PropertyRequired || e.Token is JObject)
            .DistinctBy(e => e.Kind == ValidationErrorKind.PropertyRequired ? (e.Token, e.Property) : (e.Token, null))
            .ToList();
        foreach (var error in errors)
        {
            var path = error.Kind == ValidationErrorKind.PropertyRequired
                ? $"{error.Token!.Path}.{error.Property}"
                : error.Token!.Path;
            faults.Add(path, layer.Where(path), FaultText.Of(error, quoted: !layer.Wins));
            if (FaultText.KeyMeant(error) is { } meant)
                faults.Mean(Sibling(path, meant));
        }

        foreach (var error in errors)
            TakeOut(error.Token!);
    }

    /// <summary>The value that a flag's or variable's text stands for: a number or a truth value where the key takes one, else the text.</summary>
    public JToken Read(string key, string text)
    {
        var type = _root.Properties[key].Type;
        if (type.HasFlag(JsonObjectType.Integer) &&
            long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
        {
            return new JValue(number);
        }

        return type.HasFlag(JsonObjectType.Boolean) && bool.TryParse(text, out var truth) ? new JValue(truth) : new JValue(text);
    }

    /// <summary>What holds when nobody gives the key; null: nothing.</summary>
    public string? DefaultOf(string key) =>
        (_root.Properties[key].Default ?? FaultText.Extension(_root.Properties[key], "x-default")) switch
        {
            null => null,
            bool truth => truth ? "on" : "off",
            var value => Convert.ToString(value, CultureInfo.InvariantCulture),
        };

    /// <summary>The path of another key of the same object.</summary>
    private static string Sibling(string path, string key) => path.LastIndexOf('.') is >= 0 and var dot ? $"{path[..dot]}.{key}" : key;

    private static IEnumerable<ValidationError> Flatten(IEnumerable<ValidationError> errors) => errors.SelectMany(e => e switch
    {
        ChildSchemaValidationError
        {
            Kind: ValidationErrorKind.ArrayItemNotValid or ValidationErrorKind.AdditionalPropertiesNotValid,
        } child => child.Errors.Values.SelectMany(Flatten),

        // A list where a list or a text is taken: it is the items that do not fit.
        MultiTypeValidationError { Token: JArray } several when several.Errors.TryGetValue(JsonObjectType.Array, out var items) => Flatten(items),
        _ => [e],
    });

    // Null stands for "not given" further on, and keeps the other elements of a list at their places.
    private static void TakeOut(JToken token)
    {
        if (token is JProperty unknown)
            unknown.Remove();
        else if (token.Parent is not null)
            token.Replace(JValue.CreateNull());
    }

    /// <summary>Adds what the schema language cannot say: the range of a duration, and that texts are of one line.</summary>
    private sealed class Validator() : JsonSchemaValidator(new JsonSchemaValidatorSettings())
    {
        protected override ICollection<ValidationError> Validate(
            JToken token, JsonSchema schema, SchemaType schemaType, string? propertyName, string propertyPath)
        {
            var errors = base.Validate(token, schema, schemaType, propertyName, propertyPath);
            if (errors.Count == 0 && token.Type == JTokenType.String && !Fits((string)token!, schema))
                errors.Add(new ValidationError(ValidationErrorKind.Unknown, propertyName, propertyPath, token, schema));

            return errors;
        }

        private static bool Fits(string text, JsonSchema schema)
        {
            if (text.Any(char.IsControl))
                return false;
            if (FaultText.DurationRange(schema) is not var (least, most))
                return true;

            return DurationText.TryParse(text, out var duration) && duration >= least && duration <= most;
        }
    }
}
