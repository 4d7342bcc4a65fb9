using CsCheck;
using Gateway.Http;

namespace Gateway.Tests.Http;

/// <summary>Each limit allows exactly its value.</summary>
public sealed class HeadLimitTests
{
    private const string Line = "GET /some/where HTTP/1.1";

    [Fact]
    public void A_request_head_of_exactly_the_limit_is_taken_and_one_byte_more_is_not()
    {
        var bytes = Heads.Bytes($"{Line}\r\nHost: a\r\nX: {new string('x', 100)}\r\n\r\n");
        var (fits, short1) = (HttpLimits.Default with { MaxHead = bytes.Length }, HttpLimits.Default with { MaxHead = bytes.Length - 1 });

        Assert.Equal(HeadState.Complete, new RequestHead(fits).Parse([.. bytes, .. bytes]));
        Assert.Equal(HeadState.Incomplete, new RequestHead(short1).Parse(bytes.AsSpan(0, bytes.Length - 2)));

        var head = new RequestHead(short1);
        Assert.Equal((HeadState.Faulty, HttpFault.HeadTooLarge), (head.Parse(bytes.AsSpan(0, bytes.Length - 1)), head.Fault));
        Assert.Equal((HeadState.Faulty, HttpFault.HeadTooLarge), (head.Parse(bytes), head.Fault));
    }

    [Fact]
    public void A_response_head_of_exactly_the_limit_is_taken_and_one_byte_more_is_not() =>
        Heads.Response.Sample(bytes =>
        {
            Assert.Equal(HeadState.Complete, new ResponseHead(HttpLimits.Default with { MaxHead = bytes.Length }).Parse(bytes));

            var head = new ResponseHead(HttpLimits.Default with { MaxHead = bytes.Length - 1 });
            Assert.Equal(HeadState.Incomplete, head.Parse(bytes.AsSpan(0, bytes.Length - 2)));
            Assert.Equal((HeadState.Faulty, HttpFault.HeadTooLarge), (head.Parse(bytes), head.Fault));
        });

    [Fact]
    public void A_request_line_of_exactly_the_limit_is_taken_and_one_byte_more_is_not()
    {
        var head = $"{Line}\r\nHost: a\r\n\r\n";

        Assert.Equal(HttpFault.None, Heads.RequestOf(head, HttpLimits.Default with { MaxRequestLine = Line.Length }).Fault);
        Assert.Equal(HttpFault.TargetTooLong, Heads.RequestOf(head, HttpLimits.Default with { MaxRequestLine = Line.Length - 1 }).Fault);
    }

    [Fact]
    public void A_request_line_that_cannot_fit_any_more_is_refused_before_its_end()
    {
        var limits = HttpLimits.Default with { MaxRequestLine = 64 };
        var longest = 64 - "GET  HTTP/1.1".Length;

        Assert.Equal(HttpFault.None, Heads.RequestOf($"GET /{new string('a', longest - 1)}", limits).Fault);
        Assert.Equal(HttpFault.TargetTooLong, Heads.RequestOf($"GET /{new string('a', longest)}", limits).Fault);
    }

    [Fact]
    public void A_head_that_is_full_before_its_first_line_ends_has_too_long_a_target()
    {
        var line = $"GET /{new string('a', 64 - "GET / HTTP/1.1".Length)} HTTP/1.1";
        var request = $"{line}\r\nHost: a\r\n\r\n";

        Assert.Equal(HttpFault.TargetTooLong, Heads.RequestOf(request, HttpLimits.Default with { MaxRequestLine = 64, MaxHead = 64 }).Fault);
        Assert.Equal(HttpFault.TargetTooLong, Heads.RequestOf(request, HttpLimits.Default with { MaxRequestLine = 64, MaxHead = 65 }).Fault);
        Assert.Equal(HttpFault.HeadTooLarge, Heads.RequestOf(request, HttpLimits.Default with { MaxRequestLine = 64, MaxHead = 66 }).Fault);
    }

    [Fact]
    public void The_defaults_are_32_KiB_for_a_head_16_for_its_first_line_8_for_trailers_and_64_for_interim_answers()
    {
        var limits = new HttpLimits();
        Assert.Equal((32_768, 16_384, 8_192, 65_536), (limits.MaxHead, limits.MaxRequestLine, limits.MaxTrailers, limits.MaxInterim));
    }

    [Fact]
    public void As_many_fields_as_the_limit_are_taken_and_one_more_is_not() =>
        Gen.Int[1, 130].Sample(most =>
        {
            var limits = HttpLimits.Default with { MaxFields = most };
            var fields = string.Concat(Enumerable.Range(1, most - 1).Select(i => $"X-{i}: {i}\r\n"));

            var fits = Heads.RequestOf($"{Line}\r\n{fields}Host: a\r\n\r\n", limits);
            Assert.Equal((HttpFault.None, most), (fits.Fault, fits.Fields.Count));
            Assert.Equal(HttpFault.TooManyFields, Heads.RequestOf($"{Line}\r\n{fields}Host: a\r\nY: z\r\n\r\n", limits).Fault);
            Assert.Equal(HttpFault.TooManyFields, Heads.ResponseOf($"HTTP/1.1 200 OK\r\n{fields}A: b\r\nY: z\r\n\r\n", limits).Fault);
        });

    [Theory]
    [InlineData(32, HttpFault.None)]
    [InlineData(33, HttpFault.BadRequestLine)]
    public void A_method_has_32_bytes_at_most(int length, HttpFault fault)
    {
        var method = new string('M', length);
        Assert.Equal(fault, Heads.RequestOf(method).Fault);
        Assert.Equal(fault, Heads.RequestOf($"{method} / HTTP/1.1\r\nHost: a\r\n\r\n").Fault);
    }
}
