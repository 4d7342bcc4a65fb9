using Microsoft.Playwright;

namespace Gateway.Tests.Page;

/// <summary>The live page in a browser. Checks invariants at the end: no error on the console, no request to any other host.</summary>
internal sealed class OpenPage : IAsyncDisposable
{
    private readonly IBrowserContext _context;
    private readonly List<string> _complaints = [];

    public OpenPage(IBrowserContext context, IPage view, Uri address)
    {
        (_context, View) = (context, view);
        view.PageError += (_, error) => Complain(error);
        view.Request += (_, request) =>
        {
            if (!request.Url.StartsWith(address.GetLeftPart(UriPartial.Authority) + "/", StringComparison.Ordinal))
            {
                Complain($"asked {request.Url}");
            }
        };
        view.Console += (_, message) =>
        {
            // The browser itself reports failed requests, which some tests cause.
            if (message.Type is "error" or "warning" && !message.Text.StartsWith("Failed to load resource", StringComparison.Ordinal))
            {
                Complain(message.Text);
            }
        };
    }

    public IPage View { get; }

    /// <summary>The page's connection state, in words.</summary>
    public ILocator Link => View.Locator("#link");

    public ILocator Dialog => View.Locator("dialog[open]");

    public ILocator Rows => View.Locator("#matrix tbody tr:visible");

    public ILocator Row(string address) => View.Locator("#matrix tbody tr").Filter(new() { HasText = address });

    /// <summary>A replica's word on an endpoint.</summary>
    public ILocator Opinion(string address, string replica) => Row(address).Locator($"td[data-replica='{replica}'] .mark");

    public ILocator State(string address) => Row(address).Locator("td.state .mark");

    public ILocator Plot(string title) => View.Locator($"figure[data-plot='{title}']");

    public Task PressAsync(string key) => View.Keyboard.PressAsync(key);

    /// <summary>Presses Tab until the target has the focus.</summary>
    public async Task TabToAsync(ILocator target)
    {
        for (var i = 0; i < 40; i++)
        {
            if (await target.EvaluateAsync<bool>("node => node === document.activeElement"))
            {
                return;
            }

            await PressAsync("Tab");
        }

        Assert.Fail($"the Tab key does not lead to {target}");
    }

    /// <summary>Whether the page needs horizontal scrolling.</summary>
    public async Task<bool> OverflowsAsync() => await View.EvaluateAsync<bool>("() => document.documentElement.scrollWidth > document.documentElement.clientWidth");

    public async ValueTask DisposeAsync()
    {
        await _context.DisposeAsync();
        lock (_complaints)
        {
            Assert.True(_complaints.Count == 0, string.Join('\n', _complaints));
        }
    }

    private void Complain(string what)
    {
        lock (_complaints)
        {
            _complaints.Add(what);
        }
    }
}
