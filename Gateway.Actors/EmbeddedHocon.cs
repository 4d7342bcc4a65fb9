using Akka.Configuration;

namespace Gateway.Actors;

/// <summary>Reads Akka settings embedded in this assembly.</summary>
internal static class EmbeddedHocon
{
    public static Config Read(string name)
    {
        using var stream = typeof(EmbeddedHocon).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"{name} is not part of the assembly");
        using var reader = new StreamReader(stream);
        return ConfigurationFactory.ParseString(reader.ReadToEnd());
    }
}
