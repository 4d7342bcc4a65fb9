using System.Runtime.Serialization;
using Gateway.Actors.Analytics;
using Gateway.Core.Analytics;

namespace Gateway.Actors.Cluster.Wire;

/// <summary>Codecs of the messages about traffic counts.</summary>
internal static class AnalyticsCodecs
{
    /// <summary>The code for all kinds, or all windows.</summary>
    private const byte Any = 0;

    public static IReadOnlyList<WireCodec> All { get; } =
    [
        WireCodec.Of<AskAnalytics>(
            "anq1",
            static (writer, ask) =>
            {
                writer.SignedVarint(ask.Question);
                writer.Byte((byte)(ask.Query.Kind ?? Any));
                writer.Byte((byte)(ask.Query.Window ?? Any));
            },
            static reader => new AskAnalytics(reader.SignedVarint(), new(WordOf<SeriesKind>(reader.Byte()), WordOf<AnalyticsWindow>(reader.Byte())))),
        WireCodec.Of<AnalyticsGiven>(
            "ang1",
            static (writer, given) =>
            {
                writer.SignedVarint(given.Question);
                writer.SignedVarint(given.Index);
                writer.SignedVarint(given.Parts);
                writer.SignedVarint(given.LeftOut);
                writer.Items(given.Series, WriteSeries);
            },
            static reader => new AnalyticsGiven(
                reader.SignedVarint(), reader.SignedVarint32(), reader.SignedVarint32(), reader.SignedVarint32(), [.. reader.Items(ReadSeries).OfType<SeriesReading>()])),
    ];

    private static void WriteSeries(WireWriter writer, SeriesReading series)
    {
        writer.Byte((byte)series.Key.Kind);
        writer.Text(series.Key.Pool);
        writer.Text(series.Key.Name);
        writer.Items(series.Windows, WriteWindow);
    }

    /// <summary>Reads a series; null if its kind is from a later version.</summary>
    private static SeriesReading? ReadSeries(WireReader reader) => WordOf<SeriesKind>(reader.Byte()) is not { } kind ? null : new(
        new(kind, reader.Text(), reader.Text()), [.. reader.Items(ReadWindow).OfType<WindowReading>()]);

    private static void WriteWindow(WireWriter writer, WindowReading window)
    {
        writer.Byte((byte)window.Window);
        writer.Time(window.Span);
        writer.Binary64(window.PerSecond);
        writer.SignedVarint(window.Counts.Count);
        writer.SignedVarint(window.Counts.Errors);
        writer.Bytes(window.Counts.Durations.Bytes.AsSpan());
        writer.Bytes(window.Counts.FirstBytes.Bytes.AsSpan());
    }

    private static WindowReading? ReadWindow(WireReader reader) => WordOf<AnalyticsWindow>(reader.Byte()) is not { } window ? null : new(
        window, ReadSpan(reader), ReadRate(reader), new(ReadCount(reader), ReadCount(reader), ReadLatencies(reader), ReadLatencies(reader)));

    private static TimeSpan ReadSpan(WireReader reader) =>
        reader.Time() is var span && span >= TimeSpan.Zero ? span : throw new SerializationException("a window covers a negative time");

    private static double ReadRate(WireReader reader) =>
        reader.Binary64() is >= 0 and <= LatencyCounts.MaxCount and var rate ? rate : throw new SerializationException("a rate is not a non-negative number");

    private static long ReadCount(WireReader reader) =>
        reader.SignedVarint() is >= 0 and <= LatencyCounts.MaxCount and var count ? count : throw new SerializationException("a count is out of range");

    private static LatencyCounts ReadLatencies(WireReader reader) =>
        LatencyCounts.TryRead(reader.Bytes(), out var latencies) ? latencies : throw new SerializationException("the latency counts are invalid");

    private static T? WordOf<T>(byte word)
        where T : struct, Enum => (T)Enum.ToObject(typeof(T), word) is var known && Enum.IsDefined(known) ? known : null;
}
