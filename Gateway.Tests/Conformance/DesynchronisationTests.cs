using System.Globalization;
using CsCheck;
using Gateway.Fuzz;
using Gateway.Tests.EndToEnd;
using Gateway.Tests.EndToEnd.Backends;

namespace Gateway.Tests.Conformance;

/// <summary>Whatever a backend answers, no client gets another's answer: after a doubtful answer its connection is not used again.</summary>
public sealed class DesynchronisationTests
{
    [Fact]
    public async Task After_any_answer_each_request_gets_its_own()
    {
        var timeout = TimeSpan.FromMilliseconds(200); // For answers that never end, whose results are not checked.
        await using var backend = RawBackend.Start(AnswerAsync);
        await using var gateway = await TestGateway.StartAsync(
            [backend.Address],
            pool => pool with
            {
                Retry = new() { Attempts = 0 },
                Breaker = new() { Threshold = 10_000 },
                Connections = new() { Max = 4 },
            },
            settings => settings with
            {
                Routes =
                [
                    new() { Name = "bad", PathPrefix = "/bad", Pool = "default", RequestTimeout = 50 * timeout, TryTimeout = timeout, IdleTimeout = timeout },
                    new() { Name = "good", PathPrefix = "/good", Pool = "default" },
                ],
            });
        var number = 0;

        await Gen.Select(Gen.Int, Gen.OneOf("GET", "HEAD", "POST")).SampleAsync(
            async (seed, method) =>
            {
                await using (var client = await RawClient.ConnectAsync(gateway.Address))
                {
                    await client.SendAsync($"{method} /bad/{(uint)seed} HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n");
                    await Record.ExceptionAsync(() => client.ReadAnswerAsync(method)); // Any result: read it to its end, so that it is over.
                }

                for (var i = 0; i < 3; i++)
                {
                    var own = Interlocked.Increment(ref number).ToString(CultureInfo.InvariantCulture);
                    (await gateway.AskAsync(target: $"/good/{own}")).AssertPassedOn(200, own);
                }
            },
            iter: 300,
            threads: 2);
    }

    /// <summary>Answers <c>/good/7</c> with 7, and <c>/bad/7</c> with the seventh mutation of the corpus, after which every other connection ends.</summary>
    private static async Task AnswerAsync(RawExchange exchange)
    {
        var target = (await exchange.ReadRequestAsync()).Target.Split('/');
        if (target[1] == "good")
        {
            await exchange.AnswerAsync(200, target[2]);
            return;
        }

        var seed = uint.Parse(target[2], CultureInfo.InvariantCulture);
        await exchange.WriteAsync(new Mutator(new Random((int)seed)).Mutate(Corpus.Of(MessageKind.Answers)));
        if (seed % 2 == 0)
        {
            exchange.Close();
        }
    }
}
