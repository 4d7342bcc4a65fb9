using Gateway.Http;

namespace Gateway.Tests.Http;

/// <summary>The examples are from W3C Trace Context and its test suite.</summary>
public sealed class TraceParentTests
{
    private const string Trace = "0af7651916cd43dd8448eb211c80319c";
    private const string Span = "b7ad6b7169203331";

    [Theory]
    [InlineData($"00-{Trace}-{Span}-01", true)]
    [InlineData($"00-{Trace}-{Span}-00", false)]
    [InlineData($"00-{Trace}-{Span}-03", true)]
    [InlineData($"00-{Trace}-{Span}-0a", false)]
    [InlineData($"00-{Trace}-{Span}-0b", true)]
    [InlineData($"cc-{Trace}-{Span}-01", true)]
    [InlineData($"cc-{Trace}-{Span}-01-what-the-future-will-be-like", true)]
    public void A_valid_value_is_read(string value, bool isSampled)
    {
        var bytes = Heads.Bytes(value);
        Assert.True(TraceParent.IsValid(bytes));
        Assert.Equal(isSampled, TraceParent.IsSampled(bytes));
        Assert.Equal(Heads.Bytes(Trace), TraceParent.TraceIdIn(bytes).ToArray());
        Assert.Equal(Heads.Bytes(Span), TraceParent.SpanIdIn(bytes).ToArray());
    }

    [Theory]
    [InlineData("")]
    [InlineData($"00-{Trace}-{Span}-0")]
    [InlineData($"00-{Trace}-{Span}-01-")]
    [InlineData($"00-{Trace}-{Span}-01.")]
    [InlineData($"00-{Trace}-{Span}-01-what")]
    [InlineData($"cc-{Trace}-{Span}-01.what")]
    [InlineData($"ff-{Trace}-{Span}-01")]
    [InlineData($".0-{Trace}-{Span}-01")]
    [InlineData($"00-00000000000000000000000000000000-{Span}-01")]
    [InlineData($"00-{Trace}-0000000000000000-01")]
    [InlineData($"00-0AF7651916CD43DD8448EB211C80319C-{Span}-01")]
    [InlineData($"00-{Trace}-B7AD6B7169203331-01")]
    [InlineData($"00-{Trace}-{Span}-.1")]
    [InlineData($"00.{Trace}-{Span}-01")]
    [InlineData($"00-{Trace}.{Span}-01")]
    [InlineData($"00-{Trace}-{Span}.01")]
    [InlineData($"00-.af7651916cd43dd8448eb211c80319c-{Span}-01")]
    public void Anything_else_is_not(string value) => Assert.False(TraceParent.IsValid(Heads.Bytes(value)));
}
