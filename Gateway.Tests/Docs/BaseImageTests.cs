using System.Text.RegularExpressions;

namespace Gateway.Tests.Docs;

/// <summary>The base images of the container image: by digest in the Dockerfile, the same images by tag in the compose file.</summary>
public sealed partial class BaseImageTests
{
    private static readonly string Dockerfile = File.ReadAllText(Path.Combine(Repository.Root, "Dockerfile"));
    private static readonly string Compose = File.ReadAllText(Path.Combine(Repository.Root, "docker-compose.yml"));

    [Fact]
    public void Every_stage_starts_from_an_image_by_digest()
    {
        var pinned = PinnedImage().Matches(Dockerfile).Select(match => '$' + match.Groups["name"].Value);
        var bases = From().Matches(Dockerfile).Select(match => match.Groups["image"].Value);

        Assert.Equal(["$SDK_IMAGE", "$RUNTIME_IMAGE"], bases);
        Assert.Equal(bases, pinned);
    }

    [Fact]
    public void The_compose_file_builds_from_the_same_images_by_tag()
    {
        foreach (Match pinned in PinnedImage().Matches(Dockerfile))
        {
            Assert.Contains($"{pinned.Groups["name"].Value}: \"{pinned.Groups["tag"].Value}\"", Compose, StringComparison.Ordinal);
        }
    }

    [GeneratedRegex("^ARG (?<name>[A-Z]+_IMAGE)=(?<tag>[a-z./]+:[0-9.]+)@sha256:[0-9a-f]{64}$", RegexOptions.Multiline)]
    private static partial Regex PinnedImage();

    [GeneratedRegex("^FROM (?<image>\\S+)", RegexOptions.Multiline)]
    private static partial Regex From();
}
