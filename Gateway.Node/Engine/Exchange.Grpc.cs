using Gateway.Core.Outcomes;
using Gateway.Http;

namespace Gateway.Node.Engine;

/// <summary>gRPC calls: their deadline, their status, and the end of answers that cannot be completed.</summary>
internal sealed partial class Exchange
{
    private GrpcCall _call;
    private GrpcStatus? _callStatus;

    private static ReadOnlySpan<byte> TimeoutLine => "\r\nGrpc-Timeout: "u8;

    /// <summary>The earlier of a deadline and the client's.</summary>
    private long BoundByCall(long deadline) => _call.Deadline == 0 ? deadline : Math.Min(deadline, _call.Deadline);

    /// <summary>Writes the remaining time for the backend. The head has room for it, and one such line.</summary>
    private void WriteTimeLeft(Span<byte> head)
    {
        if (_call.Deadline != 0)
        {
            GrpcFields.WriteTimeout(head[(head.IndexOf(TimeoutLine) + TimeoutLine.Length)..], _call.Deadline - _loop.Wire.Now);
        }
    }

    /// <summary>The status in a head, which counts if nothing follows it; null: none.</summary>
    private GrpcStatus? CallStatusOf(ResponseHead head, ReadOnlySpan<byte> bytes) =>
        _call.IsCall && head.Fields.IndexOf(FieldName.GrpcStatus) is >= 0 and var i ? GrpcStatuses.Of(GrpcFields.StatusOf(head.Fields.All[i].ValueIn(bytes))) : null;

    /// <summary>The status that ends an answer which has begun and cannot be completed; null: it breaks off like any other.</summary>
    private GrpcStatus? EndOfCall(AttemptEnd end) => !_call.IsCall ? null : end switch
    {
        AttemptEnd.BodyBroken => GrpcStatus.Unavailable,
        AttemptEnd.DeadlinePassed => GrpcStatus.DeadlineExceeded,
        _ => null,
    };

    /// <summary>Ends the answer with a status in its trailers. False if that is impossible.</summary>
    private bool TryEndCall(GrpcStatus? status)
    {
        if (status is not { } known || !_answer.TryEndWith(known))
        {
            return false;
        }

        if (!_upload.IsReceived)
        {
            _client.CloseAfterThis();
        }

        return true;
    }

    /// <summary>Describes an answer cut short; ends a gRPC call with the status.</summary>
    private AnswerCut CutOf(AttemptEnd end, GrpcStatus? status) =>
        AnswerCut.Short
        | (end == AttemptEnd.BodyBroken ? AnswerCut.ByBackend : 0)
        | (TryEndCall(status ?? EndOfCall(end)) ? AnswerCut.Announced : 0);

    /// <summary>How an answer that has begun was cut short.</summary>
    [Flags]
    private enum AnswerCut : byte
    {
        None = 0,

        /// <summary>The client did not get the whole answer.</summary>
        Short = 1,

        /// <summary>The backend broke off.</summary>
        ByBackend = 2,

        /// <summary>The answer itself says that it is not whole, in its trailers.</summary>
        Announced = 4,
    }
}
