using System.Net;
using Gateway.Node.Engine;
using Gateway.Node.Metrics;
using Gateway.Node.Settings;
using Gateway.Node.Tls;
using Gateway.Tests.EndToEnd;
using Gateway.Tests.EndToEnd.Backends;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace Gateway.Tests.Tls;

/// <summary>Changes of certificate files, check by check, in virtual time.</summary>
public sealed class CertificateRenewalTests : IDisposable
{
    private readonly Certificates _certificates = new();
    private readonly FakeTimeProvider _clock = new(TimeProvider.System.GetUtcNow());
    private readonly LogRecorder _log = new();
    private readonly GatewayMetrics _metrics;
    private readonly CertificateStore _store;

    public CertificateRenewalTests()
    {
        _metrics = new(new ConnectionCounts(), _clock);
        _store = new(_metrics, _clock, new Logger<CertificateStore>(new LoggerFactory([_log])));
    }

    public void Dispose()
    {
        _certificates.Dispose();
        _log.Dispose();
    }

    [Fact]
    public async Task A_renewed_certificate_is_served_and_the_others_stay_as_they_are()
    {
        Write("a", "a.example");
        Write("b", "b.example");
        await UseAsync("a", "b");
        var (a, b) = (_store.Current.For("a.example"), _store.Current.For("b.example"));
        Write("a", "a.example");
        await _store.CheckAsync(default);

        Assert.NotSame(a, _store.Current.For("a.example"));
        Assert.Same(b, _store.Current.For("b.example"));
        Assert.Equal(1, await ReloadsAsync("accepted"));

        var renewed = _store.Current.For("a.example");
        await _store.CheckAsync(default);
        Assert.Same(renewed, _store.Current.For("a.example"));
        Assert.Equal(1, await ReloadsAsync("accepted"));
    }

    [Fact]
    public async Task A_link_swap_as_Kubernetes_does_it_is_seen()
    {
        var old = Directory.CreateDirectory(_certificates.PathOf("..2026_01"));
        Write("..2026_01/tls", "a.example");
        File.CreateSymbolicLink(_certificates.PathOf("..data"), old.Name);
        File.CreateSymbolicLink(_certificates.PathOf("tls.crt"), "..data/tls.crt");
        File.CreateSymbolicLink(_certificates.PathOf("tls.key"), "..data/tls.key");
        await UseAsync("tls");

        Directory.CreateDirectory(_certificates.PathOf("..2026_02"));
        Write("..2026_02/tls", "b.example");
        File.CreateSymbolicLink(_certificates.PathOf("..data_tmp"), "..2026_02");
        Directory.Delete(_certificates.PathOf("..data")); // The link only. .NET cannot rename a link over another.
        Directory.Move(_certificates.PathOf("..data_tmp"), _certificates.PathOf("..data"));
        old.Delete(recursive: true);
        await _store.CheckAsync(default);

        Assert.Equal("CN=b.example", _store.Current.For("b.example")?.Certificate.Subject);
    }

    [Fact]
    public async Task A_pair_that_is_half_written_changes_nothing_and_is_not_reported_if_the_rest_follows()
    {
        Write("a", "a.example");
        await UseAsync("a");
        var served = _store.Current.For("a.example");
        var (certificate, key) = _certificates.PairFor("a.example");
        _certificates.Write("a.crt", certificate);
        await _store.CheckAsync(default);
        Assert.Same(served, _store.Current.For("a.example"));

        _certificates.Write("a.key", key);
        await _store.CheckAsync(default);
        Assert.NotSame(served, _store.Current.For("a.example"));
        Assert.Equal((1, 0), (await ReloadsAsync("accepted"), await ReloadsAsync("rejected")));
        Assert.DoesNotContain(_log.Lines, line => line.StartsWith("Error", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("crt", "garbage", "a.crt contains no PEM certificate")]
    [InlineData("key", "garbage", "a.key contains no PEM private key that matches the certificate")]
    [InlineData("key", null, "a.key does not exist")]
    [InlineData("crt", null, "a.crt does not exist")]
    public async Task A_pair_that_stays_bad_is_reported_once_for_each_content_and_what_was_served_stays(string file, string? content, string fault)
    {
        Write("a", "a.example");
        await UseAsync("a");
        var served = _store.Current.For("a.example");
        Put(file, content);
        for (var i = 0; i < 5; i++)
        {
            await _store.CheckAsync(default);
        }

        Assert.Same(served, _store.Current.For("a.example"));
        Assert.Contains(fault, Assert.Single(Errors()), StringComparison.Ordinal);
        Assert.Contains("still serving certificate CN=a.example", Errors()[0], StringComparison.Ordinal);
        Assert.Contains(fault, Assert.Single(_store.Current.Slots).ReportAt(_clock.GetUtcNow()).Fault, StringComparison.Ordinal);
        Assert.Equal(1, await ReloadsAsync("rejected"));

        Put(file, "other garbage");
        await _store.CheckAsync(default);
        await _store.CheckAsync(default);
        Assert.Equal(2, Errors().Count);

        Write("a", "a.example");
        await _store.CheckAsync(default);
        Assert.NotSame(served, _store.Current.For("a.example"));
        Assert.Null(Assert.Single(_store.Current.Slots).Fault);
    }

    [Fact]
    public async Task A_pair_of_another_key_is_refused()
    {
        Write("a", "a.example");
        await UseAsync("a");
        _certificates.Write("a.key", _certificates.PairFor("a.example").Key);
        await _store.CheckAsync(default);
        await _store.CheckAsync(default);
        Assert.Contains("a.key contains no PEM private key that matches the certificate", Assert.Single(Errors()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_former_content_of_the_files_is_no_longer_a_fault()
    {
        var (certificate, key) = Write("a", "a.example");
        await UseAsync("a");
        var served = _store.Current.For("a.example");
        _certificates.Write("a.crt", "garbage");
        await _store.CheckAsync(default);
        _certificates.Write("a.crt", certificate);
        _certificates.Write("a.key", key);
        await _store.CheckAsync(default);
        Assert.Same(served, _store.Current.For("a.example"));
        Assert.Null(Assert.Single(_store.Current.Slots).Fault);
        Assert.Empty(Errors());
    }

    [Fact]
    public async Task An_expired_pair_is_refused_as_long_as_what_is_served_is_valid()
    {
        Write("a", "a.example", days: 20);
        await UseAsync("a");
        var served = _store.Current.For("a.example");
        _clock.Advance(TimeSpan.FromDays(10));
        Write("a", "a.example", days: 5);
        await _store.CheckAsync(default);
        await _store.CheckAsync(default);
        Assert.Same(served, _store.Current.For("a.example"));
        Assert.Contains("a.crt expired on ", Assert.Single(Errors()), StringComparison.Ordinal);

        await UseAsync("a"); // A reload of the settings does the same.
        Assert.Same(served, _store.Current.For("a.example"));

        _clock.Advance(TimeSpan.FromDays(11));
        Write("a", "a.example", days: 15);
        await _store.CheckAsync(default);
        Assert.NotSame(served, _store.Current.For("a.example")); // There is nothing to lose.
    }

    [Fact]
    public async Task A_certificate_that_expires_while_it_is_served_is_reported_once_and_served_on()
    {
        Write("a", "a.example", days: 2);
        await UseAsync("a");
        Assert.Equal(2 * 86400, await ValueAsync("gateway_tls_certificate_expiry_seconds"), 100.0);
        _clock.Advance(TimeSpan.FromDays(3));
        await _store.CheckAsync(default);
        await _store.CheckAsync(default);

        Assert.Contains("certificate CN=a.example of ", Assert.Single(Errors()), StringComparison.Ordinal);
        Assert.NotNull(_store.Current.For("a.example"));
        Assert.Equal(-86400, await ValueAsync("gateway_tls_certificate_expiry_seconds"), 100.0);
        Assert.Equal(Gateway.Actors.Inspection.CertificateState.Expired, Assert.Single(_store.Current.Slots).ReportAt(_clock.GetUtcNow()).State);
    }

    [Fact]
    public async Task A_reload_of_the_settings_keeps_what_has_not_changed_and_forgets_what_is_not_named()
    {
        Write("a", "a.example");
        Write("b", "b.example");
        await UseAsync("a", "b");
        var b = _store.Current.For("b.example");
        await UseAsync("b");
        Assert.Same(b, _store.Current.For("b.example"));
        Assert.Null(_store.Current.For("a.example"));
        Assert.Equal(1, System.Text.RegularExpressions.Regex.Count(await TextAsync(), "(?m)^gateway_tls_certificate_expiry_seconds{"));
    }

    [Fact]
    public async Task A_reload_of_the_settings_during_a_look_is_not_undone_by_it()
    {
        Write("a", "a.example");
        Write("b", "b.example");
        await UseAsync("a");
        var slot = Assert.Single(_store.Current.Slots);
        await UseAsync("b");
        Assert.Null(_store.Current.With(slot, slot));
    }

    private (string Certificate, string Key) Write(string file, string name, int days = 30)
    {
        var pair = _certificates.PairFor(name, TimeProvider.System.GetUtcNow().AddDays(days));
        _certificates.Write($"{file}.crt", pair.Certificate);
        _certificates.Write($"{file}.key", pair.Key);
        return pair;
    }

    private void Put(string file, string? content)
    {
        if (content is null)
        {
            File.Delete(_certificates.PathOf($"a.{file}"));
        }
        else
        {
            _certificates.Write($"a.{file}", content);
        }
    }

    private TlsSettings Settings(params string[] files) => new()
    {
        Address = new(IPAddress.Loopback, 0),
        Certificates = [.. files.Select(file => new CertificateFiles(_certificates.PathOf($"{file}.crt"), _certificates.PathOf($"{file}.key")))],
    };

    private async Task UseAsync(params string[] files) => _store.Use(await _store.ReadAsync(Settings(files), default));

    private List<string> Errors() => [.. _log.Lines.Where(line => line.StartsWith("Error", StringComparison.Ordinal))];

    private Task<double> ReloadsAsync(string result) => ValueAsync("gateway_tls_certificate_reloads_total", $"result=\"{result}\"");

    /// <summary>The sum of a metric over all lines with a label.</summary>
    private async Task<double> ValueAsync(string name, string label = "") => (await TextAsync()).Split('\n')
        .Where(line => line.StartsWith($"{name}{{", StringComparison.Ordinal) && line.Contains(label, StringComparison.Ordinal))
        .Sum(line => double.Parse(line[(line.LastIndexOf(' ') + 1)..], System.Globalization.CultureInfo.InvariantCulture));

    private async Task<string> TextAsync()
    {
        using var scrape = new MemoryStream();
        await _metrics.Registry.CollectAndExportAsTextAsync(scrape);
        return System.Text.Encoding.UTF8.GetString(scrape.ToArray());
    }
}
