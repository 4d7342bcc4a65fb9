using Gateway.Core.Overload;

namespace Gateway.Tests.Overload;

public sealed class RequestPriorityNamesTests
{
    [Theory]
    [InlineData(RequestPriority.Critical, "critical")]
    [InlineData(RequestPriority.Default, "default")]
    [InlineData(RequestPriority.Sheddable, "sheddable")]
    public void Settings_and_metrics_use_these_names(RequestPriority priority, string name) => Assert.Equal(name, priority.Name());
}
