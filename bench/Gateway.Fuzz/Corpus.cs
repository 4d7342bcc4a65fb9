namespace Gateway.Fuzz;

/// <summary>The inputs that mutation starts from: real answers and answers that are wrong in one way each.</summary>
internal static class Corpus
{
    public static IReadOnlyList<byte[]> Answers { get; } = Load("answers");

    public static IReadOnlyList<byte[]> Chunked { get; } = Load("chunked");

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
