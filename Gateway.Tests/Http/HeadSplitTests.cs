using CsCheck;
using Gateway.Http;

namespace Gateway.Tests.Http;

/// <summary>A head received in pieces gives the same result as in one.</summary>
public sealed class HeadSplitTests
{
    [Fact]
    public void Each_shorter_part_of_a_request_head_is_incomplete_and_the_whole_is_complete() =>
        Heads.Request.Sample(bytes =>
        {
            var head = new RequestHead(HttpLimits.Default);
            for (var length = 0; length < bytes.Length; length++)
            {
                Assert.Equal((HeadState.Incomplete, HttpFault.None, length), (head.Parse(bytes.AsSpan(0, length)), head.Fault, length));
            }

            Assert.Equal(HeadState.Complete, head.Parse(bytes));
            Assert.Equal(bytes.Length, head.Length);
        }, iter: 2_000);

    [Fact]
    public void Each_shorter_part_of_a_response_head_is_incomplete_and_the_whole_is_complete() =>
        Heads.Response.Sample(bytes =>
        {
            var head = new ResponseHead(HttpLimits.Default);
            for (var length = 0; length < bytes.Length; length++)
            {
                Assert.Equal((HeadState.Incomplete, HttpFault.None, length), (head.Parse(bytes.AsSpan(0, length)), head.Fault, length));
            }

            Assert.Equal(HeadState.Complete, head.Parse(bytes));
            Assert.Equal(bytes.Length, head.Length);
        }, iter: 2_000);

    [Fact]
    public void A_request_head_in_pieces_says_what_it_says_in_one_and_takes_nothing_of_what_follows() =>
        Gen.Select(Heads.Request, Heads.Request, Gen.Int[1, 60].Array[1, 20]).Sample((bytes, other, steps) =>
        {
            var (whole, pieces) = (new RequestHead(HttpLimits.Default), new RequestHead(HttpLimits.Default));
            byte[] stream = [.. bytes, .. other];
            Assert.Equal(HeadState.Complete, whole.Parse(bytes));
            pieces.Parse(other); // The parser is reused.

            var state = HeadState.Incomplete;
            for (var (i, at) = (0, 0); state == HeadState.Incomplete && at < stream.Length; i++)
            {
                at = Math.Min(stream.Length, at + steps[i % steps.Length]);
                state = pieces.Parse(stream.AsSpan(0, at));
            }

            Assert.Equal(HeadState.Complete, state);
            Assert.Equal(Heads.Story(whole, bytes), Heads.Story(pieces, stream));
        });

    [Fact]
    public void A_response_head_in_pieces_says_what_it_says_in_one_and_takes_nothing_of_what_follows() =>
        Gen.Select(Heads.Response, Heads.Response, Gen.Int[1, 60].Array[1, 20]).Sample((bytes, other, steps) =>
        {
            var (whole, pieces) = (new ResponseHead(HttpLimits.Default), new ResponseHead(HttpLimits.Default));
            byte[] stream = [.. bytes, .. other];
            Assert.Equal(HeadState.Complete, whole.Parse(bytes));
            pieces.Parse(other);

            var state = HeadState.Incomplete;
            for (var (i, at) = (0, 0); state == HeadState.Incomplete && at < stream.Length; i++)
            {
                at = Math.Min(stream.Length, at + steps[i % steps.Length]);
                state = pieces.Parse(stream.AsSpan(0, at));
            }

            Assert.Equal(HeadState.Complete, state);
            Assert.Equal(Heads.Story(whole, bytes), Heads.Story(pieces, stream));
        });
}
