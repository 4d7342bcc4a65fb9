using Microsoft.Playwright;

namespace Gateway.Tests.Page;

/// <summary>One real Chromium for all tests of the page; each page has its own profile.</summary>
public sealed class Browser : IAsyncLifetime
{
    /// <summary>The time limit for a page to show something, on a slow machine under load.</summary>
    private const float WaitTimeout = 60_000;

    private IPlaywright? _playwright;
    private IBrowser? _browser;

    /// <summary>The path of Chromium; null: not on the PATH. The driver's own download is not used.</summary>
    public static string? Executable { get; } = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Select(folder => Path.Combine(folder, "chromium"))
        .FirstOrDefault(File.Exists);

    public async Task InitializeAsync()
    {
        if (Executable is { } executable)
        {
            _playwright = await Playwright.CreateAsync();
            _browser = await _playwright.Chromium.LaunchAsync(new() { ExecutablePath = executable, Args = ["--no-sandbox"] });
            Assertions.SetDefaultExpectTimeout(WaitTimeout);
        }
    }

    public async Task DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        _playwright?.Dispose();
    }

    /// <summary>Runs a JavaScript function in a page of a site with an untrusted certificate, and returns its result.</summary>
    internal async Task<T> AskAsync<T>(Uri site, string script)
    {
        await using var context = await _browser!.NewContextAsync(new() { IgnoreHTTPSErrors = true });
        context.SetDefaultTimeout(WaitTimeout);
        var page = await context.NewPageAsync();
        await page.GotoAsync(site.ToString());
        return await page.EvaluateAsync<T>(script);
    }

    /// <summary>Opens the page of an admin address.</summary>
    internal async Task<OpenPage> OpenAsync(Uri address, int width = 1600, ColorScheme scheme = ColorScheme.Light)
    {
        var context = await _browser!.NewContextAsync(new() { ViewportSize = new() { Width = width, Height = 900 }, ColorScheme = scheme });
        context.SetDefaultTimeout(WaitTimeout);
        var opened = new OpenPage(context, await context.NewPageAsync(), address);
        await opened.View.GotoAsync(address.ToString());
        return opened;
    }
}
