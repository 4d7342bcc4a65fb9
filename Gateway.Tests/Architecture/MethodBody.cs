using System.Reflection.Emit;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace Gateway.Tests.Architecture;

/// <summary>A method of an assembly, with its calls, read from its code.</summary>
/// <param name="Type">The full name of the outermost type that contains it.</param>
/// <param name="Name">Its own name, or that of the method whose closure or state machine it is.</param>
/// <param name="Calls">Full names of types and names of methods: <c>System.IO.Stream.Read</c>.</param>
internal sealed record MethodBody(string Type, string Name, bool IsStateMachine, IReadOnlyList<string> Calls)
{
    private static readonly Dictionary<int, OpCode> Codes = typeof(OpCodes).GetFields()
        .Select(field => (OpCode)field.GetValue(null)!).ToDictionary(code => (int)(ushort)code.Value);

    public override string ToString() => $"{Type}.{Name}";

    public static IReadOnlyList<MethodBody> Of(System.Reflection.Assembly assembly)
    {
        using var image = new PEReader(File.OpenRead(assembly.Location));
        var metadata = image.GetMetadataReader();
        var bodies = new List<MethodBody>();
        foreach (var method in metadata.MethodDefinitions.Select(metadata.GetMethodDefinition).Where(method => method.RelativeVirtualAddress != 0))
        {
            var code = image.GetMethodBody(method.RelativeVirtualAddress).GetILBytes()!;
            bodies.Add(Of(metadata, method, [.. CallsOf(metadata, code)]));
        }

        return bodies;
    }

    private static MethodBody Of(MetadataReader metadata, MethodDefinition method, List<string> calls)
    {
        var name = Meant(metadata.GetString(method.Name));
        var type = metadata.GetTypeDefinition(method.GetDeclaringType());
        var isStateMachine = false;
        while (!type.GetDeclaringType().IsNil)
        {
            var nested = metadata.GetString(type.Name);
            if (Meant(nested) is var meant && meant != nested)
            {
                (name, isStateMachine) = (meant, isStateMachine || name == "MoveNext");
            }

            type = metadata.GetTypeDefinition(type.GetDeclaringType());
        }

        return new($"{metadata.GetString(type.Namespace)}.{metadata.GetString(type.Name)}", name, isStateMachine, calls);
    }

    /// <summary>The source name of a compiler-generated one: <c>Send</c> of <c>&lt;Send&gt;b__0</c>.</summary>
    private static string Meant(string name) =>
        name.StartsWith('<') && name.IndexOf('>', StringComparison.Ordinal) is > 1 and var end ? name[1..end] : name;

    private static IEnumerable<string> CallsOf(MetadataReader metadata, byte[] code)
    {
        for (var at = 0; at < code.Length;)
        {
            var value = code[at] == 0xFE ? 0xFE00 | code[at + 1] : code[at];
            var instruction = Codes[value];
            at += instruction.Size;
            if (instruction.OperandType == OperandType.InlineMethod)
            {
                yield return NameOf(metadata, MetadataTokens.EntityHandle(BitConverter.ToInt32(code, at)));
            }

            at += instruction.OperandType switch
            {
                OperandType.InlineNone => 0,
                OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
                OperandType.InlineVar => 2,
                OperandType.InlineI8 or OperandType.InlineR => 8,
                OperandType.InlineSwitch => 4 + (4 * BitConverter.ToInt32(code, at)),
                _ => 4,
            };
        }
    }

    private static string NameOf(MetadataReader metadata, EntityHandle handle)
    {
        switch (handle.Kind)
        {
            case HandleKind.MethodSpecification:
                return NameOf(metadata, metadata.GetMethodSpecification((MethodSpecificationHandle)handle).Method);
            case HandleKind.MethodDefinition:
                var own = metadata.GetMethodDefinition((MethodDefinitionHandle)handle);
                return $"{NameOf(metadata, own.GetDeclaringType())}.{metadata.GetString(own.Name)}";
            case HandleKind.MemberReference:
                var reference = metadata.GetMemberReference((MemberReferenceHandle)handle);
                return $"{NameOf(metadata, reference.Parent)}.{metadata.GetString(reference.Name)}";
            case HandleKind.TypeReference:
                var type = metadata.GetTypeReference((TypeReferenceHandle)handle);
                return $"{metadata.GetString(type.Namespace)}.{metadata.GetString(type.Name)}";
            case HandleKind.TypeDefinition:
                var defined = metadata.GetTypeDefinition((TypeDefinitionHandle)handle);
                return $"{metadata.GetString(defined.Namespace)}.{metadata.GetString(defined.Name)}";
            case HandleKind.TypeSpecification:
                // Only the name of a generic type matters: class or value type, its token, then the arguments.
                var signature = metadata.GetBlobReader(metadata.GetTypeSpecification((TypeSpecificationHandle)handle).Signature);
                return signature.ReadSignatureTypeCode() == SignatureTypeCode.GenericTypeInstance && signature.ReadByte() != 0
                    ? NameOf(metadata, signature.ReadTypeHandle())
                    : "";
            default:
                return "";
        }
    }
}
