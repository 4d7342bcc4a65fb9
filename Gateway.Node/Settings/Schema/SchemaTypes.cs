namespace Gateway.Node.Settings.Schema;

/// <summary>The types of JSON that a schema lets pass. A whole number is a number too.</summary>
[Flags]
internal enum SchemaTypes
{
    /// <summary>The schema says nothing about the type.</summary>
    None = 0,
    Text = 1,
    Integer = 2,
    Number = 4,
    Truth = 8,
    Object = 16,
    List = 32,
}
