using Gateway.Core.Outcomes;
using Gateway.Node.Metrics;

namespace Gateway.Node.Engine;

/// <summary>The exchange's record in the access log and its trace, if any.</summary>
internal sealed partial class Exchange
{
    private void RecordAttempt()
    {
        _record?.BeginAttempt(_attempts.Cell.Id.Address.Label, _loop.Wire.Timestamp);
        _client.Trace?.BeginAttempt(_attempts.Cell);
    }

    private void RecordConnected()
    {
        _record?.Connected(_loop.Wire.Timestamp);
        _client.Trace?.WriteAgain(_head!.Used);
    }

    private void RecordAttemptEnd(AttemptEnd end, int status)
    {
        _record?.EndAttempt(end, _loop.Wire.Timestamp);
        _client.Trace?.EndAttempt(end, status);
    }

    /// <summary>Counts for analytics beyond the metrics: by route, and answers that broke off.</summary>
    private void CountRoute(EndpointMetrics backend, int status, TimeSpan duration, bool isBrokenOff)
    {
        _client.Tally.Ended(duration, status, isBrokenOff);
        if (isBrokenOff && status < StatusCodes.Status500InternalServerError)
        {
            backend.BrokenOff();
        }
    }

    private void RecordEnd(int status, long requestBytes, long answerBytes, bool isBroken)
    {
        _client.Trace?.End(status, requestBytes, answerBytes, isBroken ? "broken" : status == ClientClosedRequest ? "client-left" : null);
        if (_record is { } record)
        {
            _record = null;
            record.Over(status, requestBytes, answerBytes, _loop.Wire.Timestamp);
            _loop.Access!.End(record, RequestRandom.NextUnit());
        }
    }
}
