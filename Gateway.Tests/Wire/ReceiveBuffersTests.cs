using System.Runtime.InteropServices;
using Gateway.Wire;

namespace Gateway.Tests.Wire;

public sealed class ReceiveBuffersTests
{
    [UringFact]
    public void Who_reads_a_buffer_that_was_given_back_reads_nonsense_and_who_writes_to_one_is_found_out()
    {
        using var ring = new Ring(submissions: 4, completions: 8);
        using var buffers = new ReceiveBuffers(ring, isChecked: true, count: 2);
        var bytes = buffers.Take(1, 10);
        var kept = MemoryMarshal.CreateSpan(ref MemoryMarshal.GetReference(bytes), bytes.Length);
        kept.Fill(7);
        buffers.Give(1, 10);

        Assert.DoesNotContain((byte)7, kept.ToArray());
        Assert.True(buffers.Take(1, 0).IsEmpty);
        kept[3] = 7;
        Assert.Throws<InvalidOperationException>(() => { buffers.Take(1, 3); });
    }
}
