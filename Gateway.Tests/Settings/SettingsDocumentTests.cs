using System.Text.Json.Nodes;
using Gateway.Node.Settings.Binding;

namespace Gateway.Tests.Settings;

/// <summary>What <c>config show</c> prints is a file that makes the same settings.</summary>
public sealed class SettingsDocumentTests
{
    public static TheoryData<string> Keys => SchemaTests.Keys;

    [Theory]
    [MemberData(nameof(Keys))]
    public async Task Settings_with_this_key_are_the_same_after_they_were_written_and_read(string path)
    {
        var settings = await Given.Loaded("", SchemaTests.WithExampleOf(path));
        var document = SettingsDocument.Of(settings);
        var again = await Given.Loaded("", document);
        Assert.True(Dump.Of(settings) == Dump.Of(again), $"{path} is lost in SettingsDocument:\n{document}");
    }

    [Fact]
    public async Task What_a_flag_says_stands_in_the_document()
    {
        var settings = await Given.Loaded($"{Given.OneEndpoint} --retry-attempts 7 --zone z");
        var document = JsonNode.Parse(SettingsDocument.Of(settings))!;
        Assert.Equal("z", (string?)document["zone"]);
        Assert.Equal(7, (int)document["pools"]!["default"]!["retry"]!["attempts"]!);
        Assert.Equal(Dump.Of(settings with { ConfigPath = Given.FilePath }), Dump.Of(await Given.Loaded("", document.ToJsonString())));
    }
}
