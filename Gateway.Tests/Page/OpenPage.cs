using Microsoft.Playwright;

namespace Gateway.Tests.Page;

/// <summary>
/// The live page in a browser. Ends with what must hold of it at any time: no error on the console, no request to any other host.
/// </summary>
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
            // That a request failed is said by the browser itself, and is what some tests are about.
            if (message.Type is "error" or "warning" && !message.Text.StartsWith("Failed to load resource", StringComparison.Ordinal))
            {
                Complain(message.Text);
            }
        };
    }

    public IPage View { get; }

    /// <summary>Whether the page is connected, in words.</summary>
    public ILocator Link => View.Locator("#link");

    public ILocator Dialog => View.Locator("dialog[open]");

    public ILocator Rows => View.Locator("#matrix tbody tr:visible");

    public ILocator Row(string address) => View.Locator("#matrix tbody tr").Filter(new() { HasText = address });

    /// <summary>What a replica says of an endpoint.</summary>
    public ILocator Opinion(string address, string replica) => Row(address).Locator($"td[data-replica='{replica}'] .mark");

    public ILocator State(string address) => Row(address).Locator("td.state .mark");

    public ILocator Plot(string title) => View.Locator($"figure[data-plot='{title}']");

    public Task PressAsync(string key) => View.Keyboard.PressAsync(key);

    /// <summary>Goes on by the Tab key until the focus is there.</summary>
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

    /// <summary>Whether something would have to be scrolled sideways to be seen.</summary>
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
