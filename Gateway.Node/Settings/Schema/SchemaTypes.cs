namespace Gateway.Node.Settings.Schema;

/// <summary>The JSON types that a schema allows. An integer is a number too.</summary>
[Flags]
internal enum SchemaTypes
{
    /// <summary>The schema does not restrict the type.</summary>
    None = 0,
    Text = 1,
    Integer = 2,
    Number = 4,
    Truth = 8,
    Object = 16,
    List = 32,
}
