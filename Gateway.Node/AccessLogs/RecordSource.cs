using Akka.Streams;
using Akka.Streams.Stage;
using Gateway.Node.Recording;

namespace Gateway.Node.AccessLogs;

/// <summary>
/// The stage that reads the lanes: formats the records into batches, one per demand. Between two batches it lets records accumulate for a moment, unless
/// there are many; without records it sleeps, without a timer, until the queue wakes it.
/// <code>
/// Gathering --many, or the time is over--> a batch --demand--> Gathering        no records --> Asleep --a record--> a batch
/// </code>
/// </summary>
/// <param name="timestampClock">The clock of the records' timestamps.</param>
internal sealed class RecordSource(AccessQueue queue, ILineFormat format, TimeProvider timestampClock) : GraphStage<SourceShape<LogBatch>>
{
    /// <summary>The most records in a batch.</summary>
    public const int MaxRecords = 512;

    /// <summary>The bytes beyond which a batch takes no further record.</summary>
    private const int EnoughBytes = 64 * 1024;

    /// <summary>How long records accumulate.</summary>
    private static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(50);

    private readonly Outlet<LogBatch> _out = new("records.out");

    public override SourceShape<LogBatch> Shape => new(_out);

    protected override GraphStageLogic CreateLogic(Attributes inheritedAttributes) => new Logic(this, queue, format, timestampClock);

    private sealed class Logic : TimerGraphStageLogic
    {
        private const string Gathered = "gathered";

        private readonly RecordSource _stage;
        private readonly AccessQueue _queue;
        private readonly ILineFormat _format;
        private readonly TimeProvider _clock;

        /// <summary>At most one is being written, one waits for that, and one is being filled.</summary>
        private readonly LogBatch[] _batches = [new(), new(), new()];
        private int _next;
        private int _firstLane;

        public Logic(RecordSource stage, AccessQueue queue, ILineFormat format, TimeProvider clock)
            : base(stage.Shape)
        {
            (_stage, _queue, _format, _clock) = (stage, queue, format, clock);
            SetHandler(stage._out, onPull: OnPull);
        }

        public override void PreStart() => _queue.Attach(GetAsyncCallback(OnWake));

        protected override void OnTimer(object timerKey)
        {
            if (IsAvailable(_stage._out))
            {
                EmitOrSleep();
            }
        }

        private void OnPull()
        {
            if (_queue.IsComplete || _queue.Waiting >= MaxRecords)
            {
                EmitOrSleep();
            }
            else if (!IsTimerActive(Gathered))
            {
                ScheduleOnce(Gathered, Gathering);
            }
        }

        private void OnWake()
        {
            _queue.Look();
            if (IsAvailable(_stage._out))
            {
                CancelTimer(Gathered);
                EmitOrSleep();
            }
        }

        private void EmitOrSleep()
        {
            do
            {
                if (Fill(_batches[_next]))
                {
                    var batch = _batches[_next];
                    _next = (_next + 1) % _batches.Length;
                    Push(_stage._out, batch);
                    return;
                }

                if (_queue.IsComplete && _queue.Waiting == 0)
                {
                    CompleteStage();
                    return;
                }
            }
            while (!_queue.TrySleep());
        }

        /// <summary>Formats the records of all lanes in turn. False if there are none.</summary>
        private bool Fill(LogBatch batch)
        {
            batch.Clear();
            var lanes = _queue.Lanes;
            var (stamp, now) = (_clock.GetTimestamp(), _clock.GetUtcNow());
            for (var i = 0; i < lanes.Length; i++)
            {
                var lane = lanes[(_firstLane + i) % lanes.Length];
                while (batch.Count < MaxRecords && batch.Lines.Length < EnoughBytes && lane.TryTake(out var record))
                {
                    _format.Write(batch.Lines, record, now - _clock.GetElapsedTime(record.Begun, stamp));
                    lane.GiveBack(record);
                    batch.Count++;
                }
            }

            _firstLane = lanes.Length > 0 ? (_firstLane + 1) % lanes.Length : 0;
            return batch.Count > 0;
        }
    }
}
