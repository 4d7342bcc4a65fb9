using Gateway.Fuzz.Engine;
using Gateway.Fuzz.Engine.Http2;

namespace Gateway.Tests.Engine.Http2;

/// <summary>Some of the inputs of <c>bench/Gateway.Fuzz -- --http2</c> and <c>-- --hpack</c>, with fixed seeds.</summary>
public sealed class Http2FuzzTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(1_000_000)]
    public void Whatever_frames_clients_send_backends_get_whole_requests_and_nothing_is_left(long first)
    {
        const int Inputs = 500;
        var campaign = new EngineCampaign(Http2Input.Run);

        campaign.Run(first, Inputs);

        Assert.True(campaign.Failure is null, $"{campaign.Trace}\n{campaign.Failure}");
        Assert.Equal(Inputs, campaign.Inputs);
    }

    [Fact]
    public void Whatever_blocks_come_their_fields_lie_within_limits_or_they_are_refused()
    {
        var campaign = new HpackCampaign();

        campaign.Run(1, 20_000);

        Assert.True(campaign.Failure is null, $"{campaign.Failure}");
        Assert.InRange(campaign.Refused, 1, campaign.Blocks - 1);
    }
}
