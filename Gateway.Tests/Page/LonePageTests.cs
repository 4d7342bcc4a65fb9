using System.Net;
using System.Text.RegularExpressions;
using Gateway.Core.Endpoints;
using Gateway.Tests.Cluster;
using Gateway.Tests.EndToEnd;
using Gateway.Tests.EndToEnd.Backends;
using static Microsoft.Playwright.Assertions;

namespace Gateway.Tests.Page;

/// <summary>The live page of a single replica, in a real browser.</summary>
[Collection(nameof(PageCollection))]
public sealed class LonePageTests(Browser browser)
{
    private const string Markup = "<img src=x onerror=document.title='broken'>";

    [BrowserFact]
    public async Task It_shows_two_hundred_endpoints_and_finds_one_among_them()
    {
        await using var gateway = await TestGateway.StartAsync(Enumerable.Range(1, 200).Select(i => new Uri($"http://10.0.0.{i}:8000")));
        await using var page = await browser.OpenAsync(AddressOf(gateway), width: 400);
        await Expect(page.Rows).ToHaveCountAsync(200);
        Assert.False(await page.OverflowsAsync());

        await page.View.GetByLabel("Find").FillAsync("10.0.0.77");
        await Expect(page.Rows).ToHaveCountAsync(1);
        await Expect(page.View.Locator("#endpoints-note")).ToHaveTextAsync("1 of 200 endpoints, no problems");
        await page.View.GetByLabel("Show").SelectOptionAsync("draining");
        await Expect(page.View.Locator("#nothing")).ToHaveTextAsync("No endpoints match the filter.");
    }

    [BrowserFact]
    public async Task Names_with_markup_in_them_are_shown_as_text()
    {
        await using var gateway = await TestGateway.StartAsync([], settings: settings => settings with
        {
            GatewayId = Markup,
            Zone = Markup,
            Pools = [.. settings.Pools, settings.Pools[0] with { Name = Markup, Endpoints = [new EndpointSettings(TestEndpoints.Address(1), Zone: Markup)] }],
        });
        await using var page = await browser.OpenAsync(AddressOf(gateway));
        await Expect(page.View.Locator("#name")).ToHaveTextAsync(Markup);
        await Expect(page.View.Locator("#replicas")).ToContainTextAsync(Markup);
        await Expect(page.View.Locator("#pools")).ToContainTextAsync(Markup);
        await Expect(page.Rows.First).ToContainTextAsync($"{Markup} · zone {Markup}");
        await Expect(page.View.Locator("#events")).ToContainTextAsync(Markup);
        await page.Rows.First.Locator("button.name").ClickAsync();
        await Expect(page.Dialog).ToContainTextAsync(Markup);
        await Expect(page.View.Locator("img")).ToHaveCountAsync(0);
    }

    [BrowserFact]
    public async Task The_plots_follow_the_traffic()
    {
        await using var failing = RawBackend.Start(RawScripts.Answer(503));
        await using var well = RawBackend.Start(RawScripts.Answer());
        await using var gateway = await TestGateway.StartAsync([failing.Address, well.Address]);
        await using var page = await browser.OpenAsync(AddressOf(gateway));
        var (rate, retries) = (page.Plot("Requests").Locator(".now b"), page.Plot("Retries").Locator(".now b"));
        while (await rate.TextContentAsync() is "–" or "0/s" || await retries.TextContentAsync() is "–" or "0/s")
        {
            Assert.All(await gateway.AskManyAsync(5), status => Assert.Equal(200, status));
        }

        await Expect(page.Plot("Latency").Locator(".now b").Nth(1)).ToHaveTextAsync(new Regex("^[0-9.]+ m?s$"));
        await Expect(page.Plot("Requests").Locator("path.line")).ToHaveAttributeAsync("d", new Regex("^M.*L"));
        await Expect(page.View.Locator("#traffic-note")).ToContainTextAsync("of test · each point covers the");
    }

    [BrowserFact]
    public async Task A_replica_that_does_not_look_itself_goes_by_the_majority_of_its_zone()
    {
        await using var gateway = await TestGateway.StartAsync([]);
        await using var page = await browser.OpenAsync(AddressOf(gateway));
        Assert.Equal(
            ["down by its zone", "none ", "none ", "none "],
            await page.View.EvaluateAsync<string[]>(
                """
                async () => {
                  const { wordOf } = await import("./opinions.js");
                  const one = (opinion, zone = "a", fresh = true) => ({ opinion, zone, fresh, verdict: "unknown", breaker: "closed" });
                  return [
                    [one("bad"), one("bad"), one("good")],
                    [one("bad"), one("good")],
                    [one("bad"), one("bad", "b")],
                    [one("bad"), one("bad", "a", false)],
                  ].map(others => {
                    const own = one("none");
                    const { word, more } = wordOf(own, [own, ...others]);
                    return `${word} ${more}`;
                  });
                }
                """));
    }

    [BrowserFact]
    public async Task It_comes_back_by_itself_when_the_replica_does_and_says_so()
    {
        using var port = new ReservedPort();
        await using var page = await OpenAsync();
        await Expect(page.Link).ToContainTextAsync("Connection lost. The data shown is old.");

        await using var again = await StartAsync();
        await Expect(page.Link).ToHaveTextAsync("Live");
        await Expect(page.View.Locator("#events")).ToContainTextAsync("the replica restarted");

        async Task<OpenPage> OpenAsync()
        {
            await using var first = await StartAsync();
            var opened = await browser.OpenAsync(AddressOf(first));
            await Expect(opened.Link).ToHaveTextAsync("Live");
            return opened;
        }

        Task<TestGateway> StartAsync() =>
            TestGateway.StartAsync([], settings: s => s with { AdminAddress = new(IPAddress.Loopback, port.Number) });
    }

    [BrowserFact]
    public async Task A_wrong_token_is_refused_and_the_right_one_opens_the_page()
    {
        const string Token = "0123456789abcdef";
        using var files = new TemporaryFiles([new("token", Token)]);
        await using var gateway = await TestGateway.StartAsync([], settings: s => s with { AdminTokenFile = files["token"] });
        await using var page = await browser.OpenAsync(AddressOf(gateway));
        await Expect(page.Dialog).ToContainTextAsync("This replica requires a token");
        await Expect(page.Link).ToHaveTextAsync("Waiting for the token");

        await page.View.Keyboard.TypeAsync("not-the-right-one");
        await page.PressAsync("Enter");
        await Expect(page.View.Locator("#token-fault")).ToHaveTextAsync("This is not the token of this replica.");
        await page.View.Keyboard.TypeAsync(Token);
        await page.PressAsync("Enter");
        await Expect(page.Link).ToHaveTextAsync("Live");
        await page.View.ReloadAsync();
        await Expect(page.Link).ToHaveTextAsync("Live");
    }

    private static Uri AddressOf(TestGateway gateway) => gateway.Admin.BaseAddress!;
}
