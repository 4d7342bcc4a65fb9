namespace Gateway.Wire;

/// <summary>Moving to another loop: cancels the pending receive first; if it still returned data, the connection ends.</summary>
internal sealed partial class UringChannel
{
    private EventLoop? _target;
    private Action<Channel?>? _arrived;

    private bool IsMoving => _target is not null;

    public override void MoveTo(EventLoop target, Action<Channel?> arrived)
    {
        (_target, _arrived) = (target, arrived);
        Loop.Wheel.Remove(this);
        if (_receiving)
        {
            source.Cancel(UringOperation.Receive, _token);
        }
        else
        {
            Move(isUntouched: true);
        }
    }

    private void Move(bool isUntouched)
    {
        var (target, arrived, descriptor) = (_target!, _arrived!, _descriptor);
        if (!isUntouched || _failure != 0 || _ended || !_held.IsEmpty || !_kept.IsEmpty)
        {
            Close();
            target.Post(() => arrived(null));
            return;
        }

        _descriptor = -1; // The descriptor outlives this channel.
        Close();
        target.Post(() => arrived(target.Adopt(descriptor)));
    }
}
