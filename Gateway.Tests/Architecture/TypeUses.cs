using System.Collections.Immutable;
using System.Reflection.Emit;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace Gateway.Tests.Architecture;

/// <summary>A type of an assembly and the types of the same assembly that it uses: in its bases, signatures, locals, attributes and code.</summary>
/// <param name="Namespace">The namespace of the type, or of the outermost type that it is nested in.</param>
/// <param name="Name">The name of the outermost type: closures and state machines belong to the type that contains them.</param>
/// <param name="Uses">Each used type once, the type itself excluded.</param>
/// <remarks>The compiler replaces constants by their values, so the use of a type for its constants alone is not seen.</remarks>
internal sealed record TypeUses(string Namespace, string Name, IReadOnlyList<(string Namespace, string Name)> Uses)
{
    private static readonly Dictionary<int, OpCode> Codes = typeof(OpCodes).GetFields()
        .Select(field => (OpCode)field.GetValue(null)!).ToDictionary(code => (int)(ushort)code.Value);

    public static IReadOnlyList<TypeUses> Of(System.Reflection.Assembly assembly)
    {
        using var image = new PEReader(File.OpenRead(assembly.Location));
        var reading = new Reading(image);
        return
        [
            .. reading.Metadata.TypeDefinitions
                .GroupBy(reading.Outermost, (outermost, all) => (Outermost: outermost, Uses: all.SelectMany(reading.UsesOf).Select(reading.Outermost).Distinct()))
                .Select(type => new TypeUses(
                    reading.NamesOf(type.Outermost).Namespace,
                    reading.NamesOf(type.Outermost).Name,
                    [.. type.Uses.Where(used => used != type.Outermost).Select(reading.NamesOf)]))
                .Where(type => type.Namespace.Length > 0), // Types generated for a whole assembly have none.
        ];
    }

    private sealed class Reading(PEReader image) : ISignatureTypeProvider<ImmutableArray<TypeDefinitionHandle>, object?>
    {
        public MetadataReader Metadata { get; } = image.GetMetadataReader();

        public TypeDefinitionHandle Outermost(TypeDefinitionHandle type)
        {
            while (Metadata.GetTypeDefinition(type).GetDeclaringType() is { IsNil: false } around)
            {
                type = around;
            }

            return type;
        }

        public (string Namespace, string Name) NamesOf(TypeDefinitionHandle handle) =>
            Metadata.GetTypeDefinition(handle) is var type ? (Metadata.GetString(type.Namespace), Metadata.GetString(type.Name)) : default;

        public List<TypeDefinitionHandle> UsesOf(TypeDefinitionHandle handle)
        {
            var type = Metadata.GetTypeDefinition(handle);
            var uses = new List<TypeDefinitionHandle>();
            uses.AddRange(In(type.BaseType));
            uses.AddRange(type.GetInterfaceImplementations().SelectMany(each => In(Metadata.GetInterfaceImplementation(each).Interface)));
            uses.AddRange(type.GetFields().SelectMany(each => Metadata.GetFieldDefinition(each).DecodeSignature(this, null)));
            uses.AddRange(type.GetGenericParameters().SelectMany(each => ConstraintsOf(each)));
            uses.AddRange(type.GetCustomAttributes()
                .Concat(type.GetFields().SelectMany(each => Metadata.GetFieldDefinition(each).GetCustomAttributes()))
                .Concat(type.GetProperties().SelectMany(each => Metadata.GetPropertyDefinition(each).GetCustomAttributes()))
                .Concat(type.GetMethods().SelectMany(each => Metadata.GetMethodDefinition(each).GetCustomAttributes()))
                .SelectMany(each => In(Metadata.GetCustomAttribute(each).Constructor)));
            uses.AddRange(type.GetMethods().SelectMany(each => UsesOf(Metadata.GetMethodDefinition(each))));
            return uses;
        }

        private List<TypeDefinitionHandle> UsesOf(MethodDefinition method)
        {
            var uses = new List<TypeDefinitionHandle>(All(method.DecodeSignature(this, null)));
            uses.AddRange(method.GetGenericParameters().SelectMany(each => ConstraintsOf(each)));
            if (method.RelativeVirtualAddress == 0)
            {
                return uses;
            }

            var body = image.GetMethodBody(method.RelativeVirtualAddress);
            if (!body.LocalSignature.IsNil)
            {
                uses.AddRange(Metadata.GetStandaloneSignature(body.LocalSignature).DecodeLocalSignature(this, null).SelectMany(each => each));
            }

            uses.AddRange(body.ExceptionRegions.SelectMany(region => region.Kind == ExceptionRegionKind.Catch ? In(region.CatchType) : []));
            uses.AddRange(TokensOf(body.GetILBytes()!).SelectMany(each => In(each)));
            return uses;
        }

        private static IEnumerable<EntityHandle> TokensOf(byte[] code)
        {
            for (var at = 0; at < code.Length;)
            {
                var instruction = Codes[code[at] == 0xFE ? 0xFE00 | code[at + 1] : code[at]];
                at += instruction.Size;
                if (instruction.OperandType is OperandType.InlineMethod or OperandType.InlineField or OperandType.InlineType or OperandType.InlineTok)
                {
                    yield return MetadataTokens.EntityHandle(BitConverter.ToInt32(code, at));
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

        private IEnumerable<TypeDefinitionHandle> ConstraintsOf(GenericParameterHandle parameter) =>
            Metadata.GetGenericParameter(parameter).GetConstraints().SelectMany(each => In(Metadata.GetGenericParameterConstraint(each).Type));

        private ImmutableArray<TypeDefinitionHandle> In(EntityHandle handle)
        {
            switch (handle.Kind)
            {
                case HandleKind.TypeDefinition when !handle.IsNil:
                    return [(TypeDefinitionHandle)handle];
                case HandleKind.TypeSpecification:
                    return Metadata.GetTypeSpecification((TypeSpecificationHandle)handle).DecodeSignature(this, null);
                case HandleKind.FieldDefinition:
                    var field = Metadata.GetFieldDefinition((FieldDefinitionHandle)handle);
                    return [field.GetDeclaringType(), .. field.DecodeSignature(this, null)];
                case HandleKind.MethodDefinition:
                    var own = Metadata.GetMethodDefinition((MethodDefinitionHandle)handle);
                    return [own.GetDeclaringType(), .. All(own.DecodeSignature(this, null))];
                case HandleKind.MethodSpecification:
                    var specification = Metadata.GetMethodSpecification((MethodSpecificationHandle)handle);
                    return [.. In(specification.Method), .. specification.DecodeSignature(this, null).SelectMany(each => each)];
                case HandleKind.MemberReference:
                    var reference = Metadata.GetMemberReference((MemberReferenceHandle)handle);
                    return reference.GetKind() == MemberReferenceKind.Field
                        ? [.. In(reference.Parent), .. reference.DecodeFieldSignature(this, null)]
                        : [.. In(reference.Parent), .. All(reference.DecodeMethodSignature(this, null))];
                default:
                    return [];
            }
        }

        private static ImmutableArray<TypeDefinitionHandle> All(MethodSignature<ImmutableArray<TypeDefinitionHandle>> signature) =>
            [.. signature.ReturnType, .. signature.ParameterTypes.SelectMany(each => each)];

        ImmutableArray<TypeDefinitionHandle> ISimpleTypeProvider<ImmutableArray<TypeDefinitionHandle>>.GetPrimitiveType(PrimitiveTypeCode typeCode) => [];

        ImmutableArray<TypeDefinitionHandle> ISimpleTypeProvider<ImmutableArray<TypeDefinitionHandle>>.GetTypeFromDefinition(MetadataReader reader, TypeDefinitionHandle handle, byte rawTypeKind) => [handle];

        ImmutableArray<TypeDefinitionHandle> ISimpleTypeProvider<ImmutableArray<TypeDefinitionHandle>>.GetTypeFromReference(MetadataReader reader, TypeReferenceHandle handle, byte rawTypeKind) => [];

        ImmutableArray<TypeDefinitionHandle> ISignatureTypeProvider<ImmutableArray<TypeDefinitionHandle>, object?>.GetTypeFromSpecification(
            MetadataReader reader, object? genericContext, TypeSpecificationHandle handle, byte rawTypeKind) => In(handle);

        ImmutableArray<TypeDefinitionHandle> ISZArrayTypeProvider<ImmutableArray<TypeDefinitionHandle>>.GetSZArrayType(ImmutableArray<TypeDefinitionHandle> elementType) => elementType;

        ImmutableArray<TypeDefinitionHandle> IConstructedTypeProvider<ImmutableArray<TypeDefinitionHandle>>.GetArrayType(ImmutableArray<TypeDefinitionHandle> elementType, ArrayShape shape) => elementType;

        ImmutableArray<TypeDefinitionHandle> IConstructedTypeProvider<ImmutableArray<TypeDefinitionHandle>>.GetByReferenceType(ImmutableArray<TypeDefinitionHandle> elementType) => elementType;

        ImmutableArray<TypeDefinitionHandle> IConstructedTypeProvider<ImmutableArray<TypeDefinitionHandle>>.GetPointerType(ImmutableArray<TypeDefinitionHandle> elementType) => elementType;

        ImmutableArray<TypeDefinitionHandle> IConstructedTypeProvider<ImmutableArray<TypeDefinitionHandle>>.GetGenericInstantiation(
            ImmutableArray<TypeDefinitionHandle> genericType, ImmutableArray<ImmutableArray<TypeDefinitionHandle>> typeArguments) => [.. genericType, .. typeArguments.SelectMany(each => each)];

        ImmutableArray<TypeDefinitionHandle> ISignatureTypeProvider<ImmutableArray<TypeDefinitionHandle>, object?>.GetFunctionPointerType(
            MethodSignature<ImmutableArray<TypeDefinitionHandle>> signature) => All(signature);

        ImmutableArray<TypeDefinitionHandle> ISignatureTypeProvider<ImmutableArray<TypeDefinitionHandle>, object?>.GetGenericMethodParameter(object? genericContext, int index) => [];

        ImmutableArray<TypeDefinitionHandle> ISignatureTypeProvider<ImmutableArray<TypeDefinitionHandle>, object?>.GetGenericTypeParameter(object? genericContext, int index) => [];

        ImmutableArray<TypeDefinitionHandle> ISignatureTypeProvider<ImmutableArray<TypeDefinitionHandle>, object?>.GetModifiedType(
            ImmutableArray<TypeDefinitionHandle> modifier, ImmutableArray<TypeDefinitionHandle> unmodifiedType, bool isRequired) => unmodifiedType;

        ImmutableArray<TypeDefinitionHandle> ISignatureTypeProvider<ImmutableArray<TypeDefinitionHandle>, object?>.GetPinnedType(ImmutableArray<TypeDefinitionHandle> elementType) => elementType;
    }
}
