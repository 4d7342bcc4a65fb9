using Gateway.Core.Membership;

namespace Gateway.Tests.Membership;

public sealed class ReplicaTests
{
    [Theory]
    [InlineData(ReplicaStatus.Joining, "joining")]
    [InlineData(ReplicaStatus.WeaklyUp, "weakly-up")]
    [InlineData(ReplicaStatus.Up, "up")]
    [InlineData(ReplicaStatus.Leaving, "leaving")]
    [InlineData(ReplicaStatus.Exiting, "exiting")]
    [InlineData(ReplicaStatus.Down, "down")]
    public void Its_status_has_a_name_in_commands_and_the_admin_api(ReplicaStatus status, string name) => Assert.Equal(name, status.Name());

    [Fact]
    public void Its_version_is_empty_until_it_is_known() =>
        Assert.Empty(new Replica(new("a:1", 1), Zone: null, Sidecar: false, ReplicaStatus.Up, Reachable: true, "a:1").Version);
}
