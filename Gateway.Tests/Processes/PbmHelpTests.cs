namespace Gateway.Tests.Processes;

/// <summary>The real <c>pbm</c>: help in every place, and messages in words.</summary>
public sealed class PbmHelpTests
{
    [Fact]
    public async Task Help_stands_in_front_behind_a_palette_or_behind_a_command_and_in_the_shell()
    {
        await using var gateway = await GatewayProcess.StartAsync("""{ "pools": { "default": {} } }""");
        foreach (var words in (string[][])[["help", "gateway"], ["gateway", "help"], ["gateway", "?"], ["gateway", "drain", "--help"], ["help"], ["?"]])
        {
            await using var pbm = RealProcess.Pbm([gateway.Admin.Authority, .. words]);
            Assert.True(await pbm.EndsAsync() == 0, pbm.Said);
            Assert.Contains(pbm.Output, line => line.Contains("drain <id>", StringComparison.Ordinal));
        }

        await using var shell = RealProcess.Pbm(gateway.Admin.Authority);
        await shell.Input.WriteAsync("?\ngateway ?\n");
        shell.Input.Close();
        Assert.True(await shell.EndsAsync() == 0, shell.Said);
        Assert.Equal(2, shell.Output.Count(line => line.StartsWith("  drain <id>", StringComparison.Ordinal)));

        await using var wrong = RealProcess.Pbm(gateway.Admin.Authority, "gateway", "drian", "x");
        Assert.True(await wrong.EndsAsync() == 2, wrong.Said);
        Assert.Equal("pbm: unknown command 'drian' of gateway; did you mean gateway drain?", Assert.Single(wrong.Errors));
    }

    [Fact]
    public async Task A_missing_token_file_is_reported_in_words()
    {
        await using var pbm = RealProcess.Pbm("--token-file", "/nowhere/token", "gateway", "status");
        Assert.True(await pbm.EndsAsync() == 2, pbm.Said);
        Assert.Equal("pbm: the token file '/nowhere/token' does not exist", Assert.Single(pbm.Errors));
    }
}
