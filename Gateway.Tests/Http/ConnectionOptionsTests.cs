using System.Text;
using CsCheck;
using Gateway.Http;

namespace Gateway.Tests.Http;

public sealed class ConnectionOptionsTests
{
    [Theory]
    [InlineData("close", true, false, false, false)]
    [InlineData(" CLOSE\t, Keep-Alive", true, true, false, false)]
    [InlineData("upgrade,x-a", false, false, true, true)]
    [InlineData("", false, false, false, false)]
    [InlineData(",, ,", false, false, false, false)]
    [InlineData("close keep-alive", false, false, false, true)]
    public void Options_are_distinguished(string value, bool close, bool keepAlive, bool upgrade, bool namesFields)
    {
        var options = new ConnectionOptions();
        Assert.Equal(HttpFault.None, options.Add(Heads.Bytes(value)));
        Assert.Equal((close, keepAlive, upgrade, namesFields), (options.Close, options.KeepAlive, options.Upgrade, options.NamesFields));
    }

    [Fact]
    public void Sixty_four_options_are_taken_over_all_fields_and_one_more_is_refused() =>
        Gen.Int[1, 64].Array[1, 12].Sample(sizes =>
        {
            var (options, total, fault) = (new ConnectionOptions(), 0, HttpFault.None);
            foreach (var size in sizes)
            {
                fault = options.Add(Heads.Bytes(string.Join(',', Enumerable.Range(0, size).Select(i => i % 3 == 0 ? "" : "x"))));
                total += size;
                Assert.Equal(total > 64 ? HttpFault.TooManyOptions : HttpFault.None, fault);
                if (total > 64)
                {
                    break;
                }
            }
        });

    [Fact]
    public void A_head_with_more_options_than_that_is_refused()
    {
        var (most, more) = (string.Join(',', Enumerable.Repeat("x", 64)), string.Join(',', Enumerable.Repeat("x", 65)));
        Assert.Equal(HttpFault.None, Heads.RequestOf($"GET / HTTP/1.1\r\nHost: a\r\nConnection: {most}\r\n\r\n").Fault);
        Assert.Equal(HttpFault.TooManyOptions, Heads.RequestOf($"GET / HTTP/1.1\r\nHost: a\r\nConnection: {more}\r\n\r\n").Fault);
        Assert.Equal(HttpFault.TooManyOptions, Heads.ResponseOf($"HTTP/1.1 200 OK\r\nConnection: {most}\r\nConnection: close\r\n\r\n").Fault);
    }

    [Fact]
    public void The_fields_that_Connection_names_are_dropped_but_for_Host_and_Content_Length()
    {
        string[] names = ["X-A", "x-b", "X-Forwarded-For", "Via", "Host", "Content-Length", "Accept", "Cookie", "Date", "Expect", "Max-Forwards"];
        string[] hopByHop = ["Keep-Alive", "TE", "Upgrade", "Proxy-Connection", "HTTP2-Settings"];
        Gen.Select(Gen.OneOf(names).Array[0, 6], Gen.Shuffle(names), Gen.Int[0, 3], Gen.Bool).Sample((named, order, place, upper) =>
        {
            var options = named.Select(name => upper ? name.ToUpperInvariant() : name.ToLowerInvariant()).ToList();
            var lines = order.Concat(hopByHop).Select(name => $"{name}: {(name is "Content-Length" ? "5" : "v")}\r\n").ToList();
            lines.Insert(place, $"Connection: {string.Join(" ,", options.Take(place))}\r\n");
            lines.Insert(lines.Count - place, $"connection: {string.Join(", ", options.Skip(place))}\r\n");
            var bytes = Heads.Bytes(["GET / HTTP/1.1\r\n", .. lines, "\r\n"]);
            var head = new RequestHead(HttpLimits.Default);
            Assert.Equal(HeadState.Complete, head.Parse(bytes));

            foreach (var field in head.Fields.All)
            {
                var name = Encoding.ASCII.GetString(field.NameIn(bytes));
                var mustDrop = hopByHop.Contains(name) || name.Equals("connection", StringComparison.OrdinalIgnoreCase) ||
                    (name is not ("Host" or "Content-Length") && named.Contains(name));
                Assert.Equal((name, mustDrop), (name, field.IsDropped));
            }
        });
    }
}
