using CsCheck;
using Gateway.Fuzz;
using Gateway.Upstream.Http1;

namespace Gateway.Tests.Upstream.Http1;

public sealed class CodecPropertyTests
{
    [Fact]
    public void What_is_well_formed_is_understood_as_it_was_meant() =>
        Gen.Select(Generated.Line, Gen.Select(Generated.Field, Generated.Blank, Generated.Blank).Array[0, 20]).Sample((line, fields) =>
        {
            var lines = fields.Select(each => $"{each.Item1.Name}:{each.Item2}{each.Item1.Value}{each.Item3}\r\n");
            var text = string.Concat([$"HTTP/1.{line.Minor} {line.Status} {line.Reason}\r\n", .. lines, "\r\n"]);

            var parsed = ParsedHead.Of(text + "rest");

            Assert.Equal(HeadResult.Done(text.Length), parsed.Result);
            Assert.Equal((line.Status, line.Minor == 1, line.Reason), (parsed.Head.Status, parsed.Head.IsHttp11, parsed.Reason));
            Assert.Equal(fields.Select(each => $"{each.Item1.Name}: {each.Item1.Value}"), parsed.Lines);
        });

    [Fact]
    public void A_chunked_body_decodes_to_its_payload_and_trailers() =>
        Gen.Select(Generated.Payload, Gen.Int[1, 30].Array[1, 5], Generated.Field.Array[0, 4], Gen.OneOf("", ";a=\"b\"")).Sample(
            (payload, sizes, trailers, extension) =>
            {
                var text = Generated.Latin1(payload);
                var body = Generated.Chunk(text, sizes, "x", extension, trailers);

                var decoded = ChunkedBody.Of(body + "HTTP/1.1 200 OK");

                Assert.Equal((ChunkState.End, text, body.Length), (decoded.Last.State, decoded.Payload, decoded.Consumed));
                Assert.Equal(
                    trailers.Select(field => $"{field.Name}: {field.Value}"),
                    decoded.Trailers.Select(line => line.StartsWith("(Content-Type", StringComparison.OrdinalIgnoreCase) ? line[1..^1] : line));
            });

    [Fact]
    public void What_is_written_in_chunks_is_read_back() =>
        Gen.Byte.Array[1, 70_000].Array[0, 3].Sample(
            pieces =>
            {
                var body = new List<byte>();
                foreach (var piece in pieces)
                {
                    var buffer = new byte[ChunkWriter.Prefix + piece.Length + ChunkWriter.Suffix];
                    piece.CopyTo(buffer, ChunkWriter.Prefix);
                    var (start, length) = ChunkWriter.Frame(buffer, piece.Length);
                    body.AddRange(buffer.AsSpan(start, length));
                }

                body.AddRange(ChunkWriter.LastChunk);
                var decoded = ChunkedBody.Of(Generated.Latin1([.. body]));
                Assert.Equal(ChunkState.End, decoded.Last.State);
                Assert.Equal(Generated.Latin1([.. pieces.SelectMany(piece => piece)]), decoded.Payload);
            },
            iter: 30);

    [Fact]
    public void However_a_stream_is_split_it_is_understood_the_same() =>
        Gen.Select(Generated.Answer.Array[1, 3], Gen.Int[0, 2000].Array[0, 12], Gen.Bool).Sample((answers, places, eachByte) =>
        {
            var stream = Generated.Bytes(string.Concat(answers));
            int[] cuts = eachByte ? [.. Enumerable.Range(0, stream.Length)] : [.. places.Select(place => place % (stream.Length + 1)).Order()];
            var (whole, pieces) = (new AnswerReader(CodecLimits.Default), new AnswerReader(CodecLimits.Default));

            whole.ReadAnswers(stream, []);
            pieces.ReadAnswers(stream, cuts);

            Assert.Equal(CodecFault.None, whole.Fault);
            Assert.Equal(whole.Transcript.ToString(), pieces.Transcript.ToString());
        });

    [Fact]
    public void Mutated_bytes_break_no_promise_and_meet_every_fault()
    {
        var campaign = new Campaign(seed: 1);
        campaign.Run(100_000);

        Assert.True(campaign.Failure is null, campaign.Failure?.What);
        Assert.Equal("100000 inputs, 0 crashes, 0 disagreements", campaign.Summary(100_000));
        Assert.Empty(Enum.GetValues<CodecFault>().Except(campaign.Met));
    }
}
