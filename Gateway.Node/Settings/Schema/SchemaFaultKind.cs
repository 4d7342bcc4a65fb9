namespace Gateway.Node.Settings.Schema;

/// <summary>The rule of a schema that a value violates.</summary>
internal enum SchemaFaultKind
{
    /// <summary>Another type, or a value that violates no rule named below.</summary>
    NotOfKind,
    UnknownKey,
    MissingKey,
    OutOfRange,
    TooShort,
    TooLong,
}
