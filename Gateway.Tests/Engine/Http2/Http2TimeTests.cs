using System.Text;
using Gateway.Fuzz.Engine.Http2;
using Gateway.Http.Http2;
using Gateway.Node.Engine.Http2;

namespace Gateway.Tests.Engine.Http2;

/// <summary>The HTTP/2 server over time: late heads, rests of answers that are not taken, clients that are slow on one of several streams.</summary>
public sealed class Http2TimeTests
{
    private const string Ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    private static readonly byte[] Block = FrameMaker.Head("GET", "/late");

    [Fact]
    public void A_late_head_ends_its_own_stream_and_the_others_go_on()
    {
        using var rig = new Http2Rig();
        rig.Get(1);
        rig.Send(FrameMaker.Frame(FrameType.Headers, FrameFlags.EndStream, 3, Block.AsSpan(0, 9)));
        rig.Pass(Http2Limits.Head - 100);
        Assert.Empty(rig.Got.Resets);

        rig.Pass(200);
        Assert.Equal(Http2Error.EnhanceYourCalm, rig.Got.Resets[3]);
        Assert.Null(rig.Got.GoAway);

        rig.Send(FrameMaker.Frame(FrameType.Continuation, FrameFlags.EndHeaders, 3, Block.AsSpan(9))); // Decoded for later heads, and ignored.
        rig.Get(5);
        rig.Answer(0, Ok);
        rig.Answer(1, Ok);
        Assert.Superset(new HashSet<int> { 1, 5 }, rig.Got.Ended.ToHashSet());
        Assert.Equal([3], rig.Got.Resets.Keys);
        Assert.DoesNotContain(rig.Backends, backend => Encoding.Latin1.GetString(backend.Got).Contains("/late", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_head_that_is_still_not_there_when_the_other_streams_have_ended_ends_the_connection(bool isFrameCut)
    {
        using var rig = new Http2Rig();
        rig.Get(1);
        rig.Send(isFrameCut
            ? FrameMaker.Frame(FrameType.Headers, FrameFlags.EndHeaders, 3, Block)[..20]
            : FrameMaker.Frame(FrameType.Headers, FrameFlags.EndStream, 3, Block));
        rig.Pass(3 * Http2Limits.Head);
        Assert.Equal(Http2Error.EnhanceYourCalm, rig.Got.Resets[3]);
        Assert.Null(rig.Got.GoAway);

        rig.Answer(0, Ok);

        Assert.Equal(2, rig.Got.Data[1]);
        Assert.Equal((3, Http2Error.EnhanceYourCalm), rig.Got.GoAway);
    }

    [Fact]
    public void A_late_head_with_nothing_else_under_way_ends_the_connection()
    {
        using var rig = new Http2Rig();
        rig.Send(FrameMaker.Frame(FrameType.Headers, FrameFlags.EndStream, 1, Block));
        rig.Pass(Http2Limits.Head + 100);

        Assert.Equal(Http2Error.EnhanceYourCalm, rig.Got.GoAway?.Error);
        Assert.Empty(rig.Backends);
    }

    [Fact]
    public void Late_trailers_end_their_stream_alone()
    {
        using var rig = new Http2Rig();
        rig.Get(1);
        rig.Send(FrameMaker.Frame(FrameType.Headers, FrameFlags.EndHeaders, 3, FrameMaker.Head("POST", "/trailers")));
        rig.Send(FrameMaker.Frame(FrameType.Headers, FrameFlags.EndStream, 3, FrameMaker.Block(("x-t", "1"))));
        rig.Pass(Http2Limits.Head + 100);
        rig.Send(FrameMaker.Frame(FrameType.Continuation, FrameFlags.EndHeaders, 3));
        rig.Answer(0, Ok);

        Assert.Contains(3, rig.Got.Resets.Keys);
        Assert.Equal((2, null), (rig.Got.Data[1], rig.Got.GoAway));
    }

    [Fact]
    public void Heads_that_each_come_at_once_have_each_their_own_time_however_reads_cut_them()
    {
        using var rig = new Http2Rig();
        var rest = Array.Empty<byte>();
        for (var stream = 1; stream < 121; stream += 2)
        {
            var frame = FrameMaker.Frame(FrameType.Headers, FrameFlags.EndHeaders | FrameFlags.EndStream, stream, FrameMaker.Head("GET", "/health"));
            rig.Send([.. rest, .. frame[..20]]);
            rest = frame[20..];
            rig.Pass(Http2Limits.Head / 10); // In all, six times the limit of a single head.
        }

        Assert.Null(rig.Got.GoAway);
        Assert.Equal(59, rig.Got.Ended.Count);
    }

    [Fact]
    public void The_rest_of_an_early_answer_waits_for_its_window_longer_than_the_rest_of_its_request_is_waited_for()
    {
        const int Length = 10_000;
        using var rig = new Http2Rig();
        rig.Send([.. FrameMaker.Setting(SettingId.InitialWindowSize, 100), .. FrameMaker.Frame(FrameType.Headers, FrameFlags.EndHeaders, 1, FrameMaker.Head("POST", "/early"))]);
        rig.Answer(0, $"HTTP/1.1 413 No\r\nConnection: close\r\nContent-Length: {Length}\r\n\r\n{new string('a', Length)}");
        Assert.Equal(100, rig.Got.Data[1]);

        rig.Pass(20_000); // Skipping the request has five seconds; the rate gives the answer forty.
        Assert.Empty(rig.Got.Resets);
        rig.Send(FrameMaker.Number(FrameType.WindowUpdate, 1, Length));

        Assert.Equal(Length, rig.Got.Data[1]);
        Assert.Contains(1, rig.Got.Ended);
    }

    [Fact]
    public void The_rest_of_an_early_answer_does_not_wait_for_ever()
    {
        using var rig = new Http2Rig();
        rig.Send([.. FrameMaker.Setting(SettingId.InitialWindowSize, 100), .. FrameMaker.Frame(FrameType.Headers, FrameFlags.EndHeaders, 1, FrameMaker.Head("POST", "/early"))]);
        rig.Answer(0, $"HTTP/1.1 413 No\r\nConnection: close\r\nContent-Length: 10000\r\n\r\n{new string('a', 10_000)}");
        rig.Pass(120_000);

        Assert.Contains(1, rig.Got.Resets.Keys);
    }

    [Fact]
    public void Padding_alone_costs_the_windows_nothing_though_the_backend_takes_nothing()
    {
        const int Frames = 5_000; // 1.25 MiB of padding, with a connection window of 1 MiB.
        using var rig = new Http2Rig(room: 0);
        rig.Send(FrameMaker.Frame(FrameType.Headers, FrameFlags.EndHeaders, 1, FrameMaker.Head("POST", "/padded")));
        rig.Send(FrameMaker.Frame(FrameType.Data, 0, 1, new byte[16_000]));
        var padding = FrameMaker.Frame(FrameType.Data, FrameFlags.Padded, 1, [255, .. new byte[255]]);
        for (var i = 0; i < Frames; i++)
        {
            rig.Send(padding);
            rig.Pass(i % 100 == 0 ? 500 : 0);
        }

        Assert.Null(rig.Got.GoAway);
        Assert.Empty(rig.Got.Resets);
    }

    [Fact]
    public void A_stream_whose_window_stays_shut_is_ended_as_too_slow_while_the_client_takes_others()
    {
        const int Length = 100_000;
        using var rig = new Http2Rig();
        rig.Send([.. FrameMaker.Setting(SettingId.InitialWindowSize, 1_000), .. FrameMaker.Number(FrameType.WindowUpdate, 0, 1_000_000)]);
        rig.Get(1);
        rig.Answer(0, $"HTTP/1.1 200 OK\r\nContent-Length: {Length + Length}\r\n\r\n{new string('a', Length)}");
        for (var stream = 3; stream < 43; stream += 2)
        {
            rig.Get(stream);
            rig.Answer(rig.Backends.Count - 1, Ok);
            rig.Pass(30_000);
        }

        Assert.Equal([1], rig.Got.Resets.Keys);
        Assert.Equal(21, rig.Got.Ended.Count);
    }

    [Fact]
    public void The_bytes_of_a_stream_that_a_client_has_not_taken_never_exceed_those_sent_and_other_streams_do_not_add_to_them()
    {
        var sent = new SentData();
        Assert.Equal(0, sent.Left(taken: 0));
        sent.Add(100, written: 1_100); // After a thousand bytes of others.
        Assert.Equal(100, sent.Left(taken: 0));
        Assert.Equal(100, sent.Left(taken: 1_000));
        Assert.Equal(40, sent.Left(taken: 1_060));
        sent.Add(50, written: 9_000);
        Assert.Equal(90, sent.Left(taken: 1_060)); // Exactly what is left of it.
        Assert.Equal(0, sent.Left(taken: 9_000));
        Assert.Equal(0, sent.Left(taken: 20_000));
    }
}
