using System.Text;
using CsCheck;
using Gateway.Upstream.Http1;

namespace Gateway.Tests.Upstream;

public sealed class FieldStringsTests
{
    [Fact]
    public void The_same_field_again_is_the_same_strings()
    {
        var strings = new FieldStrings();
        var first = strings.Of("Content-Type"u8, "text/plain"u8);
        var again = strings.Of("Content-Type"u8, "text/plain"u8);
        Assert.Same(first.Name, again.Name);
        Assert.Same(first.Value, again.Value);
    }

    [Fact]
    public void Any_sequence_of_fields_comes_back_as_it_was()
    {
        var field = Gen.Select(Gen.Byte.Array[1, 12], Gen.Byte.Array[0, 12]);
        field.Array[1, 200].Sample(fields =>
        {
            var strings = new FieldStrings();
            foreach (var (name, value) in fields)
            {
                Assert.Equal((Encoding.Latin1.GetString(name), Encoding.Latin1.GetString(value)), strings.Of(name, value));
            }
        });
    }
}
