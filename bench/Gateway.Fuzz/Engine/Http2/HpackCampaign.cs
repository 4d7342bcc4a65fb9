using System.Globalization;
using Gateway.Http.Http2;

namespace Gateway.Fuzz.Engine.Http2;

/// <summary>
/// Decodes random bytes and mutated blocks with the HPACK decoder, one after another as on a connection: nothing may be thrown, and every field must lie in its
/// block's text, within the limits.
/// </summary>
internal sealed class HpackCampaign
{
    private const int MaxText = 2048;
    private const int MaxFields = 24;

    private static readonly byte[] Starts = [0x00, 0x10, 0x20, 0x3f, 0x40, 0x7f, 0x80, 0x82, 0xbe, 0xff];

    public long Blocks { get; private set; }

    public long Refused { get; private set; }

    public (long Seed, Exception What)? Failure { get; private set; }

    public void Run(long first, long inputs)
    {
        for (var seed = first; seed < first + inputs && Failure is null; seed++)
        {
            try
            {
                RunOne(new Random(unchecked((int)(seed ^ (seed >> 32)))));
            }
#pragma warning disable CA1031 // Any exception is a finding.
            catch (Exception what)
#pragma warning restore CA1031
            {
                Failure = (seed, what);
            }
        }
    }

    public string Summary() => string.Create(CultureInfo.InvariantCulture, $"{Blocks} blocks of HPACK, {Refused} refused, {(Failure is null ? "0 failures" : $"a failure at seed {Failure.Value.Seed}")}");

    private void RunOne(Random random)
    {
        var decoder = new HpackDecoder();
        var fields = new HeaderBlock(MaxText, MaxFields);
        for (var blocks = random.Next(1, 12); blocks > 0; blocks--)
        {
            Blocks++;
            fields.Clear();
            if (decoder.Decode(BlockOf(random), fields) != Http2Error.NoError)
            {
                Refused++;
                return; // The connection would be over.
            }

            var total = 0;
            foreach (var field in fields.Fields)
            {
                total += field.NameIn(fields.Text).Length + field.ValueIn(fields.Text).Length;
            }

            if (fields.Fields.Length > MaxFields || total > MaxText || total > fields.Text.Length)
            {
                throw new ScriptException("fields beyond their limits");
            }
        }
    }

    private static byte[] BlockOf(Random random)
    {
        var block = new List<byte>();
        for (var parts = random.Next(1, 10); parts > 0; parts--)
        {
            switch (random.Next(4))
            {
                case 0:
                    var any = new byte[random.Next(30)];
                    random.NextBytes(any);
                    block.AddRange(any);
                    break;
                case 1:
                    block.Add((byte)(0x80 | random.Next(1, 70)));
                    break;
                case 2:
                    block.AddRange([0x40, 3, (byte)'x', (byte)'-', (byte)random.Next('a', 'z'), (byte)random.Next(8), .. "abcdefgh"u8]);
                    break;
                default:
                    block.Add(Starts[random.Next(Starts.Length)]);
                    block.AddRange(Enumerable.Repeat((byte)random.Next(256), random.Next(8)));
                    break;
            }
        }

        return [.. block];
    }
}
