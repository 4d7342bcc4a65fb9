using CsCheck;
using Gateway.Http;

namespace Gateway.Tests.Http;

public sealed class FieldSectionTests
{
    private static readonly FieldName[] AllNames = Enum.GetValues<FieldName>();

    [Fact]
    public void A_known_name_is_found_where_it_is_and_no_other_is()
    {
        foreach (var (name, spelled) in FieldNamesTests.Spelled)
        {
            var value = name switch
            {
                FieldName.ContentLength => "1",
                FieldName.TransferEncoding => "chunked",
                _ => "v",
            };
            var head = Heads.ResponseOf($"HTTP/1.1 200 OK\r\nX-A: b\r\n{spelled}: {value}\r\nX-C: d\r\n\r\n");
            Assert.Equal(HttpFault.None, head.Fault);
            Assert.Equal([name], AllNames.Where(head.Fields.Has));
            Assert.All(AllNames, other => Assert.Equal(other == name ? 1 : -1, head.Fields.IndexOf(other)));
        }
    }

    [Fact]
    public void The_first_of_several_fields_is_found_and_none_of_an_earlier_head()
    {
        var head = new RequestHead(HttpLimits.Default);
        Heads.Request.Sample(bytes =>
        {
            Assert.Equal(HeadState.Complete, head.Parse(bytes));
            var names = head.Fields.All.ToArray().Select(field => field.Name).ToList();
            foreach (var name in AllNames.Where(name => name != FieldName.Other))
            {
                Assert.Equal((name, names.Contains(name), names.IndexOf(name)), (name, head.Fields.Has(name), head.Fields.IndexOf(name)));
            }
        }, threads: 1);
    }
}
