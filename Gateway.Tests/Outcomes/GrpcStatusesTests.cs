using Gateway.Core.Outcomes;

namespace Gateway.Tests.Outcomes;

public sealed class GrpcStatusesTests
{
    [Theory]
    [InlineData(400, GrpcStatus.Internal)]
    [InlineData(401, GrpcStatus.Unauthenticated)]
    [InlineData(403, GrpcStatus.PermissionDenied)]
    [InlineData(404, GrpcStatus.Unimplemented)]
    [InlineData(405, GrpcStatus.Unimplemented)]
    [InlineData(421, GrpcStatus.Unimplemented)]
    [InlineData(501, GrpcStatus.Unimplemented)]
    [InlineData(418, GrpcStatus.Unknown)]
    [InlineData(408, GrpcStatus.DeadlineExceeded)]
    [InlineData(413, GrpcStatus.ResourceExhausted)]
    [InlineData(429, GrpcStatus.Unavailable)]
    [InlineData(431, GrpcStatus.ResourceExhausted)]
    [InlineData(500, GrpcStatus.Unknown)]
    [InlineData(502, GrpcStatus.Unavailable)]
    [InlineData(503, GrpcStatus.Unavailable)]
    [InlineData(504, GrpcStatus.DeadlineExceeded)]
    public void A_status_of_HTTP_has_one_of_gRPC(int status, GrpcStatus expected) => Assert.Equal(expected, GrpcStatuses.OfHttp(status));

    [Fact]
    public void A_set_lists_its_statuses_each_once_up_to_the_last()
    {
        Assert.Equal(Enum.GetValues<GrpcStatus>(), GrpcStatusSet.Of(Enum.GetValues<GrpcStatus>()));
        Assert.Equal([GrpcStatus.Unavailable], GrpcStatusSet.Of(GrpcStatus.Unavailable, GrpcStatus.Unavailable));
    }

    [Fact]
    public void Every_status_has_a_name_and_is_found_by_it()
    {
        foreach (var status in Enum.GetValues<GrpcStatus>())
        {
            Assert.Equal(status, GrpcStatuses.Named(GrpcStatuses.NameOf(status)));
            Assert.Equal(status.ToString(), string.Concat(GrpcStatuses.NameOf(status).Split('-').Select(part => char.ToUpperInvariant(part[0]) + part[1..])));
            Assert.Equal(status, GrpcStatuses.Of((int)status));
        }

        Assert.Null(GrpcStatuses.Of(17));
        Assert.Null(GrpcStatuses.Of(-1));
        Assert.Null(GrpcStatuses.Named("UNAVAILABLE"));
        Assert.StartsWith("must be 0 to 16", Assert.Throws<ArgumentOutOfRangeException>(() => GrpcStatuses.NameOf((GrpcStatus)17)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_set_has_what_it_was_made_of_and_never_an_unknown_one()
    {
        GrpcStatusSet set = [GrpcStatus.Unavailable, GrpcStatus.Aborted];

        Assert.Equal([GrpcStatus.Aborted, GrpcStatus.Unavailable], set);
        Assert.Equal(GrpcStatusSet.Of(GrpcStatus.Aborted, GrpcStatus.Unavailable), set);
        Assert.Equal(2, ((System.Collections.IEnumerable)set).Cast<object>().Count());
        Assert.False(set.Contains(null));
        Assert.False(default(GrpcStatusSet).Contains(GrpcStatus.Ok));
    }
}
