using System.CommandLine;
using Gateway.Node.Admin;
using Gateway.Node.Settings;

namespace Gateway.Tests.Admin;

public sealed class TokenCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory().FullName;

    private string TokenPath => Path.Combine(_folder, "token");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task It_makes_a_token_that_can_be_used_and_does_not_print_it()
    {
        var (code, printed) = await RunAsync(TokenPath);
        var token = (await File.ReadAllTextAsync(TokenPath)).Trim();
        Assert.Equal((0, 64), (code, token.Length));
        Assert.DoesNotContain(token, printed, StringComparison.Ordinal);
        var settings = new GatewaySettings { GatewayId = "g", Pools = [], AdminTokenFile = TokenPath };
        Assert.True(AdminToken.Load(settings).Token!.Authorizes($"Bearer {token}"));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.None, File.GetUnixFileMode(TokenPath) & (UnixFileMode.OtherRead | UnixFileMode.OtherWrite));
        }
    }

    [Fact]
    public async Task One_that_is_there_stays()
    {
        await RunAsync(TokenPath);
        var token = await File.ReadAllTextAsync(TokenPath);
        Assert.Equal(0, (await RunAsync(TokenPath)).Code);
        Assert.Equal(token, await File.ReadAllTextAsync(TokenPath));
    }

    [Fact]
    public async Task A_path_that_cannot_be_written_is_one_line()
    {
        var (code, printed) = await RunAsync(Path.Combine(_folder, "no", "such", "folder"));
        Assert.Equal(1, code);
        Assert.Single(printed.TrimEnd().Split('\n'));
    }

    private static async Task<(int Code, string Printed)> RunAsync(string path)
    {
        using var printed = new StringWriter();
        var code = await new RootCommand { TokenCommand.Create() }.Parse(["token", path])
            .InvokeAsync(new InvocationConfiguration { Output = printed, Error = printed });
        return (code, printed.ToString());
    }
}
