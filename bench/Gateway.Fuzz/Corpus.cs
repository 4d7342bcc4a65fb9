namespace Gateway.Fuzz;

/// <summary>The seeds of mutation: usual messages, and some that are invalid in one way each.</summary>
internal static class Corpus
{
    private static readonly List<byte[]> Requests = Load("requests");
    private static readonly List<byte[]> Answers = Load("answers");
    private static readonly List<byte[]> Chunked = Load("chunked");

    public static IReadOnlyList<byte[]> Of(MessageKind kind) => kind switch
    {
        MessageKind.Requests => Requests,
        MessageKind.Answers => Answers,
        _ => Chunked,
    };

    private static List<byte[]> Load(string folder)
    {
        var assembly = typeof(Corpus).Assembly;
        var inputs = new List<byte[]>();
        foreach (var name in assembly.GetManifestResourceNames().Where(name => name.StartsWith($"corpus/{folder}/", StringComparison.Ordinal)).Order())
        {
            using var resource = assembly.GetManifestResourceStream(name)!;
            var bytes = new byte[resource.Length];
            resource.ReadExactly(bytes);
            inputs.Add(bytes);
        }

        return inputs;
    }
}
