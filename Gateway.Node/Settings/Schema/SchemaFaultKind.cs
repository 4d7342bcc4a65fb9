namespace Gateway.Node.Settings.Schema;

/// <summary>What a schema has against a value.</summary>
internal enum SchemaFaultKind
{
    /// <summary>Another type, or a value that none of the rules below names.</summary>
    NotOfKind,
    UnknownKey,
    MissingKey,
    OutOfRange,
    TooShort,
    TooLong,
}
