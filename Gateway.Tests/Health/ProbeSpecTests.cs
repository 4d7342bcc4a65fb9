using Gateway.Core.Health;

namespace Gateway.Tests.Health;

public sealed class ProbeSpecTests
{
    [Fact]
    public void Without_settings_a_probe_asks_for_health_and_names_no_service()
    {
        var probe = new ProbeSpec();
        Assert.Equal((ProbeKind.Http, "/health", ""), (probe.Kind, probe.Path, probe.Service));
    }
}
