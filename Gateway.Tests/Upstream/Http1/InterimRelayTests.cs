using System.IO.Pipelines;
using System.Text;
using Gateway.Tests.EndToEnd.Backends;
using Gateway.Upstream.Http1;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;

namespace Gateway.Tests.Upstream.Http1;

public sealed class InterimRelayTests
{
    private static readonly byte[] Hint = Encoding.ASCII.GetBytes("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n");

    [Fact]
    public async Task A_client_that_does_not_read_is_not_waited_for_and_gets_no_more_of_them()
    {
        var output = new Pipe(new PipeOptions(pauseWriterThreshold: 1, resumeWriterThreshold: 1));
        var context = new DefaultHttpContext { Request = { Protocol = HttpProtocol.Http11 } };
        context.Features.Set<IConnectionTransportFeature>(new Connection(output.Writer));
        var parser = new ResponseHeadParser(CodecLimits.Default);
        Assert.Equal(HeadState.Done, parser.Parse(Hint).State);
        var relay = new InterimRelay();
        relay.Begin();

        for (var n = 0; n < 3; n++)
        {
            await relay.TakeAsync(parser.Head, Hint, context).AsTask().WaitAsync(RawBackend.Patience);
        }

        Assert.True(output.Reader.TryRead(out var written));
        Assert.Equal(Encoding.ASCII.GetString(Hint), Encoding.ASCII.GetString(written.Buffer));
    }

    private sealed class Connection(PipeWriter output) : IConnectionTransportFeature, IDuplexPipe
    {
        public PipeReader Input => throw new NotSupportedException();

        public PipeWriter Output => output;

        public IDuplexPipe Transport
        {
            get => this;
            set => throw new NotSupportedException();
        }
    }
}
