using System.Net;
using System.Text.RegularExpressions;
using Gateway.Node.Settings;
using Gateway.Node.Settings.Loading;
using Gateway.Tests.EndToEnd;

namespace Gateway.Tests.Docs;

/// <summary>A settings file from docs/recipes.md, unchanged except for the addresses of backends and the paths of files, which are the test's.</summary>
internal sealed partial class Recipe
{
    private const string Page = "docs/recipes.md";

    private readonly string _text;
    private readonly IReadOnlyList<string> _names;

    /// <param name="name">The name after <c>recipe=</c> on the page.</param>
    /// <param name="replacements">Texts on the page, and the test's replacements.</param>
    public Recipe(string name, params (string OnPage, string InTest)[] replacements)
    {
        _text = All.Single(recipe => recipe.Name == name).Text;
        foreach (var (onPage, inTest) in replacements)
        {
            Assert.Contains(onPage, _text, StringComparison.Ordinal);
            _text = _text.Replace(onPage, inTest, StringComparison.Ordinal);
        }

        _names = [.. replacements.Select(replacement => replacement.InTest)];
    }

    /// <summary>All recipes of the page.</summary>
    public static IReadOnlyList<(string Name, string Text)> All { get; } =
        [.. Block().Matches(Repository.Read(Page)).Select(block => (block.Groups[1].Value, block.Groups[2].Value))];

    /// <summary>The settings in the file; fails unless they are valid and without warnings.</summary>
    /// <param name="edit">An operator's change of the file.</param>
    public async Task<GatewaySettings> SettingsAsync(Func<string, string>? edit = null)
    {
        var source = new SettingsSource(
            new GatewayCommand((_, _, _) => Task.FromResult(0)).Parse(["--config", "gateway.json"]),
            new Dictionary<string, string>(),
            (path, cancel) => path == "gateway.json" ? Task.FromResult(edit?.Invoke(_text) ?? _text) : File.ReadAllTextAsync(path, cancel),
            "host-1");
        var result = await SettingsLoader.LoadAsync(source);
        Assert.True(result is SettingsResult.Loaded && result.Warnings.IsEmpty, string.Join('\n', result.Warnings.Concat((result as SettingsResult.Faulty)?.Faults ?? [])));
        return ((SettingsResult.Loaded)result).Settings;
    }

    /// <summary>Starts a replica with these settings, on ports chosen by the system, with the tests' engine, and without a cluster.</summary>
    public async Task<TestGateway> StartAsync()
    {
        Assert.NotEmpty(_names);
        var settings = await SettingsAsync();
        return await TestGateway.StartAsync([], settings: own => OnFreePorts(settings, own));
    }

    /// <summary>Applies the settings to a running replica like a reload.</summary>
    public async Task ReloadAsync(TestGateway gateway, Func<string, string> edit)
    {
        var settings = await SettingsAsync(edit);
        await gateway.ReconfigureAsync(own => OnFreePorts(settings, own));
    }

    private static GatewaySettings OnFreePorts(GatewaySettings settings, GatewaySettings own) => settings with
    {
        GatewayId = own.GatewayId,
        HttpEngine = own.HttpEngine,
        EventLoop = own.EventLoop,
        ListenAddress = own.ListenAddress,
        AdminAddress = own.AdminAddress,
        Http2Address = settings.Http2Address is null ? null : new(IPAddress.Loopback, 0),
        Tls = settings.Tls is { } tls ? tls with { Address = new(IPAddress.Loopback, 0) } : null,
        ConfigPath = own.ConfigPath,
        WarmUp = own.WarmUp,
        Drain = own.Drain,
        ClusterAddress = null,
        SeedNodes = [],
    };

    [GeneratedRegex(@"^```json recipe=([a-z0-9-]+)\n(.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();
}
