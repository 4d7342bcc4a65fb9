using Gateway.Core.Outcomes;

namespace Gateway.Tests.Outcomes;

public sealed class FailedAttemptTests
{
    [Theory]
    [InlineData(FailureReason.Status, 503, "", "Status 503")]
    [InlineData(FailureReason.Connect, 0, "Connection refused", "Connect: Connection refused")]
    [InlineData(FailureReason.Timeout, 0, "", "Timeout")]
    [InlineData(FailureReason.Body, 200, "", "Body")]
    public void It_is_shown_with_its_status_or_with_what_is_known_of_it(FailureReason reason, int status, string detail, string text) =>
        Assert.Equal(text, new FailedAttempt(reason, status, detail, TimeSpan.Zero).Text);

    [Fact]
    public void Its_detail_is_one_line_of_at_most_two_hundred_characters()
    {
        Assert.Equal("a b c  d", FailedAttempt.Clean("a\tb\nc\r\nd"));
        Assert.Equal(new string('x', 200), FailedAttempt.Clean(new string('x', 201)));
        Assert.Equal(new string('x', 200), FailedAttempt.Clean(new string('x', 200)));
        Assert.Equal("", FailedAttempt.Clean(null));
    }
}
