using System.Text.RegularExpressions;

namespace Gateway.Tests.Docs;

/// <summary>Commands in documents are run: by .ci/docs if marked so, otherwise by the test that their block names.</summary>
public sealed partial class CommandBlockTests
{
    public static TheoryData<string> Documents => [.. Repository.Documents];

    [Theory]
    [MemberData(nameof(Documents))]
    public void A_block_with_commands_is_run_or_names_what_runs_it(string document) => Assert.All(
        Block().Matches(Repository.Read(document)).Where(block => block.Groups[1].Value != "text" && Command().IsMatch(block.Groups[2].Value)),
        block =>
        {
            var mark = Mark().Match(block.Groups[1].Value);
            Assert.True(mark.Success, $"neither run nor by=...: {block.Groups[1].Value}\n{block.Groups[2].Value}");
            Assert.True(
                mark.Groups[1].Value.Length == 0 || Path.Exists(Path.Combine(Repository.Root, mark.Groups[1].Value)), $"there is no {mark.Groups[1].Value}");
        });

    [GeneratedRegex(@"^```([^\n]*)\n(.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();

    [GeneratedRegex(@"^(?:\$ |(?:\w+=\S+ )*(?:gateway|pbm|docker|dotnet|kubectl|helm|source|curl|apt|dpkg|systemctl|sudo|bench/\S+) )", RegexOptions.Multiline)]
    private static partial Regex Command();

    [GeneratedRegex(@"^(?:sh|console) (?:run(?:=demo(?:\+\d+)?)?|by=(\S+))$")]
    private static partial Regex Mark();
}
