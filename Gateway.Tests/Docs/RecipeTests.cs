using System.Net;
using System.Security.Cryptography.X509Certificates;
using Gateway.Core.Breaking;
using Gateway.Tests.EndToEnd;
using Gateway.Tests.EndToEnd.Backends;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Gateway.Tests.Docs;

/// <summary>Every recipe in docs/recipes.md works as described.</summary>
public sealed class RecipeTests
{
    private const string First = "http://10.0.0.1:8001";
    private const string Second = "http://10.0.0.2:8001";
    private const string Third = "http://10.0.0.3:8001";

    public static TheoryData<string> Names => [.. Recipe.All.Select(recipe => recipe.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_recipe_is_valid_and_is_tried_by_a_test_of_this_class(string name)
    {
        using var files = new Certificates();
        files.Write("affinity-key", new string('k', 32));
        files.FileFor("shop.example");
        files.FileFor("api.example");
        await new Recipe(name).SettingsAsync(text => text.Replace("/etc/gateway/", files.PathOf("") + "/", StringComparison.Ordinal));
        Assert.Contains($"\"{name}\", (", Repository.Read("Gateway.Tests/Docs/RecipeTests.cs"), StringComparison.Ordinal);
    }

    [Fact]
    public void There_are_more_than_ten_recipes_and_each_has_a_name_of_its_own() => Assert.True(Recipe.All.Select(recipe => recipe.Name).Distinct().Count() > 10);

    [Fact]
    public async Task Load_balancing_gives_each_backend_its_share()
    {
        await using var backends = new Three();
        await using var gateway = await new Recipe("load-balancing", (First, backends[0]), (Second, backends[1])).StartAsync();
        await gateway.ReadyAsync();
        Assert.Equal([("one", 20), ("two", 10)], await CountAsync(gateway, 30));
    }

    [Fact]
    public async Task A_canary_keeps_a_session_where_it_is_and_gets_about_its_share()
    {
        await using var backends = new Three();
        await using var gateway = await new Recipe("canary", (First, backends[0]), (Second, backends[1])).StartAsync();
        await gateway.ReadyAsync();
        var canaries = 0;
        for (var i = 0; i < 200; i++)
        {
            var cookie = $"session=user-{i}";
            var version = await BodyAsync(gateway, "/", ("Cookie", cookie));
            Assert.Equal(version, await BodyAsync(gateway, "/", ("Cookie", cookie)));
            canaries += version == "two" ? 1 : 0;
        }

        Assert.InRange(canaries, 5, 45); // 20 of 200; the keys are the same in every run.
    }

    [Fact]
    public async Task Blue_green_switches_new_requests_and_lets_those_in_flight_finish()
    {
        var finish = new TaskCompletionSource();
        await using var blue = RawBackend.Start(RawScripts.SlowHead(finish.Task));
        await using var green = RawBackend.Start(RawScripts.Answer(body: "green"));
        var recipe = new Recipe("blue-green", (First, Origin(blue.Address)), (Second, Origin(green.Address)));
        await using var gateway = await recipe.StartAsync();
        var underWay = gateway.AskAsync();
        await Eventually.IsAsync(() => blue.Requests.Any(request => request.Target == "/"));

        await recipe.ReloadAsync(gateway, text => text.Replace("\"weight\": 1", "\"weight\": swap", StringComparison.Ordinal)
            .Replace("\"weight\": 0", "\"weight\": 1", StringComparison.Ordinal).Replace("\"weight\": swap", "\"weight\": 0", StringComparison.Ordinal));

        Assert.Equal("green", (await gateway.AskAsync()).Body);
        finish.SetResult();
        Assert.Equal("late", (await underWay).Body);
    }

    [Fact]
    public async Task Sticky_sessions_keep_a_client_at_its_backend_until_that_fails()
    {
        await using var backends = new Three();
        using var files = new TemporaryFiles([new("key", new string('k', 32))]);
        await using var gateway = await new Recipe("sticky-sessions", (First, backends[0]), (Second, backends[1]), ("/etc/gateway/affinity-key", files["key"])).StartAsync();
        await gateway.ReadyAsync();
        using var answer = await gateway.Client.GetAsync(new Uri("/", UriKind.Relative));
        var cookie = Assert.Single(answer.Headers.GetValues("Set-Cookie"));
        Assert.Contains("Max-Age=28800", cookie, StringComparison.OrdinalIgnoreCase);
        var first = await answer.Content.ReadAsStringAsync();
        for (var i = 0; i < 6; i++)
        {
            Assert.Equal(first, await BodyAsync(gateway, "/", ("Cookie", cookie.Split(';')[0])));
        }

        await backends.StopAsync(first);
        Assert.NotEqual(first, await BodyAsync(gateway, "/", ("Cookie", cookie.Split(';')[0])));
    }

    [Fact]
    public async Task Https_serves_each_site_by_its_certificate_and_redirects_plain_http()
    {
        await using var backends = new Three();
        using var certificates = new Certificates();
        await using var gateway = await new Recipe(
            "https", (First, backends[0]), ("/etc/gateway/shop.example.pem", certificates.FileFor("shop.example")),
            ("/etc/gateway/api.example.pem", certificates.FileFor("api.example"))).StartAsync();
        await gateway.ReadyAsync();
        await AnswersAsync(gateway, certificates, "shop.example");
        await AnswersAsync(gateway, certificates, "api.example");

        using var plain = new HttpRequestMessage(HttpMethod.Get, new Uri("/x?y=1", UriKind.Relative)) { Headers = { Host = "shop.example" } };
        using var redirect = await gateway.Client.SendAsync(plain);
        Assert.Equal((HttpStatusCode.PermanentRedirect, "https://shop.example/x?y=1"), (redirect.StatusCode, redirect.Headers.Location?.OriginalString));
    }

    [Fact]
    public async Task Grpc_calls_pass_and_are_tried_elsewhere_when_a_backend_is_gone()
    {
        await using var backend = await KestrelBackend.StartAsync(GrpcEcho.AnswerAsync, HttpProtocols.Http2);
        using var gone = RawBackend.RefusedAddress();
        await using var gateway = await new Recipe(
            "grpc", ("http://10.0.0.1:50051", Origin(backend.Address)), ("http://10.0.0.2:50051", Origin(gone.Address))).StartAsync();
        using var channel = GrpcChannel.ForAddress(gateway.Http2Address);
        for (var i = 0; i < 4; i++)
        {
            Assert.Equal("hello", await channel.CreateCallInvoker().AsyncUnaryCall(GrpcEcho.Unary, null, new CallOptions(), "hello"));
        }
    }

    [Fact]
    public async Task A_web_socket_carries_messages_both_ways()
    {
        await using var one = await HealthyEchoAsync();
        await using var two = await HealthyEchoAsync();
        await using var gateway = await new Recipe("websocket", (First, Origin(one.Address)), (Second, Origin(two.Address))).StartAsync();
        using var client = new HttpMessageInvoker(new SocketsHttpHandler { UseProxy = false });
        using var socket = await EchoBackend.ConnectAsync(gateway, client, HttpVersion.Version11);
        await socket.SendAsync("hello"u8.ToArray(), System.Net.WebSockets.WebSocketMessageType.Text, true, CancellationToken.None);
        Assert.Equal("hello", await EchoBackend.ReceiveAsync(socket));
        await socket.CloseAsync(System.Net.WebSockets.WebSocketCloseStatus.NormalClosure, null, CancellationToken.None).WaitAsync(RawBackend.WaitTimeout);
        Assert.Equal(TimeSpan.FromHours(1), gateway.State.Current.Settings.Routes[0].IdleTimeout);
    }

    [Fact]
    public async Task A_client_beyond_its_rate_gets_429()
    {
        await using var backends = new Three();
        await using var gateway = await new Recipe("rate-limit", (First, backends[0])).StartAsync();
        await gateway.ReadyAsync();
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(200, (await gateway.AskAsync(target: "/login")).Status);
        }

        var refused = await gateway.AskAsync(target: "/login");
        Assert.Equal(429, refused.Status);
        Assert.InRange(int.Parse(refused.RetryAfter!, System.Globalization.CultureInfo.InvariantCulture), 1, 20); // Three a minute.
        Assert.Equal(200, (await gateway.AskAsync()).Status);
    }

    [Fact]
    public async Task Failures_are_hidden_by_retries_and_open_the_breaker()
    {
        await using var backends = new Three(async exchange =>
        {
            var isProbe = (await exchange.ReadRequestAsync()).Target == "/health";
            await exchange.AnswerAsync(isProbe ? 200 : 503, "one");
        });
        await using var gateway = await new Recipe("retries", (First, backends[0]), (Second, backends[1]), (Third, backends[2])).StartAsync();
        for (var i = 0; i < 20; i++)
        {
            Assert.Equal(200, (await gateway.AskAsync()).Status);
        }

        var failing = gateway.Pool.Endpoints.Single(endpoint => endpoint.Id.ToString().EndsWith(backends[0], StringComparison.Ordinal));
        Assert.NotEqual(BreakerPhase.Closed, failing.Cell.Breaker.Phase);
    }

    [Fact]
    public async Task The_most_specific_route_wins()
    {
        await using var backends = new Three();
        await using var gateway = await new Recipe("virtual-hosts", (First, backends[0]), (Second, backends[1])).StartAsync();
        await gateway.ReadyAsync();
        Assert.Equal("one", await BodyAsync(gateway, "/", ("Host", "shop.example")));
        Assert.Equal("one", await BodyAsync(gateway, "/", ("Host", "de.shop.example")));
        Assert.Equal("two", await BodyAsync(gateway, "/api/orders", ("Host", "shop.example")));
        Assert.Equal("/orders", backends.Of(1).Requests[^1].Target);
        using var old = await SendAsync(gateway, "/catalogue", ("Host", "shop.example"));
        Assert.Equal((HttpStatusCode.MovedPermanently, "/products"), (old.StatusCode, old.Headers.Location?.OriginalString));
        using var other = await SendAsync(gateway, "/", ("Host", "other.example"));
        Assert.Equal(HttpStatusCode.NotFound, other.StatusCode);
    }

    [Fact]
    public async Task A_replica_of_the_cluster_balances_and_knows_its_seeds()
    {
        await using var backends = new Three();
        var recipe = new Recipe("cluster", (First, backends[0]), (Second, backends[1]), (Third, backends[2]));
        var settings = await recipe.SettingsAsync();
        Assert.Equal((3, "a"), (settings.SeedNodes.Length, settings.Zone));
        Assert.Contains(settings.ClusterAddress!.Value, settings.SeedNodes);
        await using var gateway = await recipe.StartAsync();
        await gateway.ReadyAsync();
        Assert.Equal(30, (await CountAsync(gateway, 30)).Sum(backend => backend.Count));
    }

    [Fact]
    public async Task A_sidecar_serves_its_application_and_is_not_a_seed()
    {
        await using var backends = new Three();
        var recipe = new Recipe("sidecar", (First, backends[0]), (Second, backends[1]));
        var settings = await recipe.SettingsAsync();
        Assert.True(settings.SidecarMode && IPAddress.IsLoopback(settings.ListenAddress.Address));
        Assert.DoesNotContain(settings.ClusterAddress!.Value, settings.SeedNodes);
        await using var gateway = await recipe.StartAsync();
        await gateway.ReadyAsync();
        Assert.Equal(10, (await CountAsync(gateway, 10)).Sum(backend => backend.Count));
    }

    private static async Task AnswersAsync(TestGateway gateway, Certificates certificates, string host)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.ImportFromPemFile(certificates.AuthorityFile);
        string? shown = null;
        using var client = new HttpClient(new SocketsHttpHandler
        {
            UseProxy = false,
            SslOptions =
            {
                TargetHost = host,
                CertificateChainPolicy = policy,
                RemoteCertificateValidationCallback = (_, certificate, _, faults) => (shown = certificate?.Subject) is not null && faults == System.Net.Security.SslPolicyErrors.None,
            },
        })
        { BaseAddress = gateway.TlsAddress };
        client.DefaultRequestHeaders.Host = host;
        using var answer = await client.GetAsync(new Uri("/", UriKind.Relative));
        Assert.Equal((HttpStatusCode.OK, $"CN={host}"), (answer.StatusCode, shown));
        Assert.Equal("max-age=31536000", Assert.Single(answer.Headers.GetValues("Strict-Transport-Security")));
    }

    private static async Task<IReadOnlyList<(string Backend, int Count)>> CountAsync(TestGateway gateway, int requests)
    {
        List<string> bodies = [];
        for (var i = 0; i < requests; i++)
        {
            bodies.Add((await gateway.AskAsync()).Body);
        }

        return [.. bodies.GroupBy(body => body).OrderBy(group => group.Key, StringComparer.Ordinal).Select(group => (group.Key, group.Count()))];
    }

    private static async Task<string> BodyAsync(TestGateway gateway, string target, params (string Name, string Value)[] fields)
    {
        using var answer = await SendAsync(gateway, target, fields);
        return await answer.Content.ReadAsStringAsync();
    }

    private static async Task<HttpResponseMessage> SendAsync(TestGateway gateway, string target, params (string Name, string Value)[] fields)
    {
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = gateway.Address };
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(target, UriKind.Relative));
        foreach (var (name, value) in fields)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return await client.SendAsync(request);
    }

    private static Task<KestrelBackend> HealthyEchoAsync() => KestrelBackend.StartAsync(
        context => context.Request.Path == "/health" ? Task.CompletedTask : EchoBackend.AnswerAsync(context), middleware: app => app.UseWebSockets());

    private static string Origin(Uri address) => address.GetLeftPart(UriPartial.Authority);

    /// <summary>Three backends that answer with their names, even to probes.</summary>
    private sealed class Three(Func<RawExchange, Task>? first = null) : IAsyncDisposable
    {
        private static readonly string[] Names = ["one", "two", "three"];

        private readonly RawBackend[] _backends = [.. Names.Select((name, i) => RawBackend.Start(i == 0 && first is not null ? first : RawScripts.Answer(body: name)))];

        public string this[int index] => Origin(_backends[index].Address);

        public RawBackend Of(int index) => _backends[index];

        public Task StopAsync(string name) => _backends[Array.IndexOf(Names, name)].StopAsync();

        public async ValueTask DisposeAsync()
        {
            foreach (var backend in _backends)
            {
                await backend.DisposeAsync();
            }
        }
    }
}
