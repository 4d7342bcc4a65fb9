using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using Akka.Actor;
using Gateway.Actors.Cluster;
using Gateway.Node.Composition;

namespace Gateway.Tests.Architecture;

/// <summary>Actors know the types of what they send each other.</summary>
public sealed class MessageTests
{
    private static readonly Assembly[] Assemblies = [typeof(IWireMessage).Assembly, typeof(GatewayHost).Assembly];

    [Fact]
    public void No_message_has_a_member_of_type_object()
    {
        var messages = Assemblies.SelectMany(RecordsOf).ToList();
        Assert.True(messages.Count > 100);
        Assert.Empty(messages.SelectMany(UntypedMembersOf));
    }

    [Fact]
    public void No_actor_is_asked_for_an_object() => Assert.Empty(Assemblies.SelectMany(UntypedAsksOf));

    [Fact]
    public void Members_and_asks_of_type_object_are_found()
    {
        Assert.Equal(
            ["Command", "List", "Pair"],
            UntypedMembersOf(typeof(Untyped)).Select(member => member.Name).Order(StringComparer.Ordinal));
        Assert.Equal(["generic", "plain"], UntypedAsksOf(typeof(MessageTests).Assembly).Distinct().Order(StringComparer.Ordinal));
    }

    private static IEnumerable<Type> RecordsOf(Assembly assembly) => assembly.GetTypes()
        .Where(type => type.Namespace?.StartsWith("Gateway.", StringComparison.Ordinal) == true && type.GetMethod("<Clone>$") is not null);

    private static IEnumerable<MemberInfo> UntypedMembersOf(Type type) => type
        .GetProperties(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)
        .Where(property => HoldsObject(property.PropertyType));

    private static bool HoldsObject(Type type) =>
        type == typeof(object) || (type.HasElementType && HoldsObject(type.GetElementType()!)) || type.GetGenericArguments().Any(HoldsObject);

    /// <summary>Finds <c>Ask</c> without a type, and <c>Ask&lt;object&gt;</c>, in the whole code of an assembly.</summary>
    private static List<string> UntypedAsksOf(Assembly assembly)
    {
        using var image = new PEReader(File.OpenRead(assembly.Location));
        var metadata = image.GetMetadataReader();
        var plain = metadata.MemberReferences.Select(metadata.GetMemberReference)
            .Where(member => IsAsk(metadata, member) && !metadata.GetBlobReader(member.Signature).ReadSignatureHeader().IsGeneric)
            .Select(_ => "plain");
        var generic = Enumerable.Range(1, metadata.GetTableRowCount(TableIndex.MethodSpec))
            .Select(row => metadata.GetMethodSpecification(MetadataTokens.MethodSpecificationHandle(row)))
            .Where(call => call.Method.Kind == HandleKind.MemberReference && IsAsk(metadata, metadata.GetMemberReference((MemberReferenceHandle)call.Method)))
            .Where(call => FirstArgumentOf(metadata.GetBlobReader(call.Signature)) == SignatureTypeCode.Object)
            .Select(_ => "generic");
        return [.. plain, .. generic];
    }

    private static bool IsAsk(MetadataReader metadata, MemberReference member) =>
        metadata.StringComparer.Equals(member.Name, nameof(Futures.Ask))
        && member.Parent.Kind == HandleKind.TypeReference
        && metadata.StringComparer.Equals(metadata.GetTypeReference((TypeReferenceHandle)member.Parent).Name, nameof(Futures));

    private static SignatureTypeCode FirstArgumentOf(BlobReader signature)
    {
        signature.ReadSignatureHeader();
        signature.ReadCompressedInteger();
        return signature.ReadSignatureTypeCode();
    }

    private sealed record Untyped(object Command, List<object[]> List, (int, object) Pair, string Text, List<string> Texts)
    {
        public static async Task<(object, object)> AskAsync(IActorRef actor) =>
            (await actor.Ask<object>("generic", TimeSpan.FromSeconds(1)), await actor.Ask("plain", TimeSpan.FromSeconds(1)));
    }
}
