using System.Text.Json;
using System.Text.RegularExpressions;
using Gateway.Actors.Inspection;
using Gateway.Core.Analytics;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Gateway.Tests.Page;

/// <summary>The live page of one replica of a cluster, in a real browser.</summary>
[Collection(nameof(PageCollection))]
public sealed class LivePageTests(Browser browser, PageCluster cluster)
{
    [BrowserFact]
    public async Task The_replicas_are_shown_by_zone()
    {
        await using var page = await browser.OpenAsync(cluster.Address);
        await Expect(page.Link).ToHaveTextAsync("Live");
        await Expect(page.View.Locator("#replicas h3")).ToHaveTextAsync(["zone a", "zone b", "zone c"]);
        await Expect(page.View.Locator("#replicas li b")).ToHaveTextAsync(["gateway-1", "gateway-2", "gateway-3"]);
        await Expect(page.View.Locator("#replicas li .mark")).ToHaveTextAsync(["up", "up", "up"]);
        await Expect(page.View.Locator("#replicas li").First).ToContainTextAsync("this page");
    }

    [BrowserFact]
    public async Task A_backend_that_dies_is_shown_down_by_every_replica_without_a_reload()
    {
        var (backend, address) = (cluster.Backends[1], cluster.Backends[1].EndPoint.ToString());
        await using var page = await browser.OpenAsync(cluster.Address);
        await ExpectOpinionsAsync(page, address, "up");
        await page.View.EvaluateAsync("() => { window.unloaded = false; }");

        await backend.StopAsync();
        await ExpectOpinionsAsync(page, address, "down");
        await Expect(page.State(address)).ToHaveTextAsync("ejected");
        await Expect(page.View.Locator("#endpoints-note")).ToContainTextAsync("1 with problems");
        await Expect(page.View.Locator("#events .event[data-level=warning]").Filter(new() { HasText = address }).First).ToBeVisibleAsync();

        backend.Resume();
        await ExpectOpinionsAsync(page, address, "up");
        Assert.False(await page.View.EvaluateAsync<bool>("() => window.unloaded ?? true"));
    }

    [BrowserFact]
    public async Task An_endpoint_is_drained_and_undrained_by_keyboard_after_saying_what_will_happen()
    {
        var address = cluster.Backends[2].EndPoint.ToString();
        await using var page = await browser.OpenAsync(cluster.Address);
        foreach (var backend in cluster.Backends)
        {
            await Expect(page.State(backend.EndPoint.ToString())).ToHaveTextAsync("available");
        }

        await page.PressAsync("/");
        await page.View.Keyboard.TypeAsync(address);
        await Expect(page.Rows).ToHaveCountAsync(1);
        var change = page.Row(address).Locator("td.change button");
        await page.TabToAsync(change);

        await page.PressAsync("Enter");
        await Expect(page.Dialog).ToContainTextAsync($"Drain default/http://{address}?");
        await Expect(page.Dialog).ToContainTextAsync("Each of the 3 replicas stops sending new requests to it.");
        await Expect(page.Dialog).ToContainTextAsync("Pool default continues with 2 of its 3 endpoints.");
        await page.PressAsync("Escape");
        await Expect(page.Dialog).ToHaveCountAsync(0);
        await Expect(change).ToBeFocusedAsync();
        await Expect(page.State(address)).ToHaveTextAsync("available");

        await ConfirmAsync("Drain", "is drained");
        await Expect(page.State(address)).ToHaveTextAsync("draining");
        await ConfirmAsync("Undrain", "is in use again");
        await Expect(page.State(address)).ToHaveTextAsync("available");

        async Task ConfirmAsync(string what, string outcome)
        {
            await Expect(change).ToHaveTextAsync(what);
            await page.PressAsync("Enter");
            await page.TabToAsync(page.Dialog.GetByRole(AriaRole.Button, new() { Name = what, Exact = true }));
            await page.PressAsync("Enter");
            await Expect(page.Dialog).ToContainTextAsync(outcome);
            await Expect(page.Dialog).ToContainTextAsync("Done.");
            await page.PressAsync("Escape");
            await Expect(change).ToBeFocusedAsync();
        }
    }

    [BrowserFact]
    public async Task The_last_minutes_are_shown_by_route_pool_or_endpoint_of_all_replicas_or_of_this_one()
    {
        await using var page = await browser.OpenAsync(cluster.Address);
        var (table, note) = (page.View.Locator("#analytics"), page.View.Locator("#analytics-note"));
        await cluster.AskAsync(times: 7);
        await Expect(table.Locator("thead th").First).ToHaveTextAsync("Route");
        await Expect(table.Locator("tbody tr").Filter(new() { HasText = "default" }).Locator("td").Nth(0)).ToHaveTextAsync(new Regex("^[1-9][0-9]*$"));
        await Expect(note).ToContainTextAsync("of 3 replicas together");

        await page.View.Locator("#analytics-scope").SelectOptionAsync("replica");
        await Expect(note).ToContainTextAsync("of gateway-1 ·");
        await page.View.Locator("#analytics-by").SelectOptionAsync("endpoint");
        await Expect(table.Locator("tbody th")).ToHaveTextAsync([.. cluster.Backends.Select(b => b.EndPoint.ToString()).Order(StringComparer.Ordinal)]);
        await Expect(table.Locator("thead th")).ToHaveCountAsync(14);
        await page.View.Locator("#analytics-window").SelectOptionAsync("15m");
        await Expect(table.Locator("tbody tr").First.Locator("td").Nth(5)).ToHaveTextAsync(new Regex("^[0-9.]+ m?s$"));
        await page.View.Locator("#analytics-by").SelectOptionAsync("pool");
        await Expect(table.Locator("tbody th")).ToHaveTextAsync(["default"]);
    }

    [BrowserFact]
    public async Task The_last_minutes_are_read_again_after_a_reading_that_failed_and_new_rows_have_their_place()
    {
        await using var page = await browser.OpenAsync(cluster.Address);
        var (table, note) = (page.View.Locator("#analytics"), page.View.Locator("#analytics-note"));
        await Expect(note).ToContainTextAsync("of 3 replicas together");

        await page.View.RouteAsync("**/analytics?*", route => route.FulfillAsync(new() { Status = 503 }));
        await page.View.Locator("#analytics-by").SelectOptionAsync("pool");
        await Expect(note).ToHaveTextAsync("cannot load; retrying");

        string[] pools = ["b"];
        await page.View.UnrouteAllAsync();
        await page.View.RouteAsync("**/analytics?*", route => route.FulfillAsync(new() { Body = PoolsListing(pools), ContentType = "application/json" }));
        await Expect(table.Locator("tbody th")).ToHaveTextAsync(["b"], new() { Timeout = 20_000 });
        await Expect(note).ToContainTextAsync("of test");
        pools = ["a", "b", "c"];
        await Expect(table.Locator("tbody th")).ToHaveTextAsync(pools, new() { Timeout = 20_000 });
    }

    [BrowserFact]
    public async Task All_of_it_fits_a_narrow_screen()
    {
        await using var page = await browser.OpenAsync(cluster.Address, width: 400);
        await Expect(page.Rows).ToHaveCountAsync(3);
        foreach (var (name, _) in PageCluster.Replicas)
        {
            await Expect(page.Opinion(cluster.Backends[0].EndPoint.ToString(), name)).ToBeVisibleAsync();
        }

        Assert.False(await page.OverflowsAsync());
    }

    [BrowserFact]
    public async Task It_is_dark_where_that_is_preferred()
    {
        await using var light = await browser.OpenAsync(cluster.Address);
        await using var dark = await browser.OpenAsync(cluster.Address, scheme: ColorScheme.Dark);
        Assert.InRange(await BrightnessAsync(light), 200, 255);
        Assert.InRange(await BrightnessAsync(dark), 0, 60);

        static Task<double> BrightnessAsync(OpenPage page) => page.View.EvaluateAsync<double>(
            "() => Math.max(...getComputedStyle(document.body).backgroundColor.match(/\\d+/g).map(Number))");
    }

    [BrowserFact]
    public async Task The_story_of_an_endpoint_has_a_line_for_each_replica()
    {
        var address = cluster.Backends[0].EndPoint.ToString();
        await using var page = await browser.OpenAsync(cluster.Address);
        await page.Row(address).Locator("button.name").ClickAsync();
        await Expect(page.Dialog.Locator("tbody tr")).ToHaveCountAsync(3);
        await Expect(page.Dialog.Locator("dl")).ToContainTextAsync("Last probe");
    }

    private static string PoolsListing(string[] pools)
    {
        var window = WindowReport.Of(WindowReading.Of(AnalyticsWindow.OneMinute, TimeSpan.FromSeconds(60), SeriesCounts.None));
        var listing = new AnalyticsListing("test", default, AnalyticsListing.ClusterScope, ["test"], [], 0, [], [.. pools.Select(pool => new PoolAnalytics(pool, [window]))], []);
        return JsonSerializer.Serialize(listing, JsonSerializerOptions.Web);
    }

    private static async Task ExpectOpinionsAsync(OpenPage page, string address, string word)
    {
        foreach (var (name, _) in PageCluster.Replicas)
        {
            await Expect(page.Opinion(address, name)).ToHaveTextAsync(word);
        }
    }
}
