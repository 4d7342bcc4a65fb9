#pragma warning disable CA1822
namespace Gateway.Core.Balancing;
public sealed class EmptyPicker : Picker { public static EmptyPicker Instance { get; } = new(); public override PickResult Pick(in PickContext context) => PickResult.NoneAvailable; }
public sealed class PickerBuilder { public Picker Build(Strategy strategy, IReadOnlyList<Candidate> members, bool panic = false) => EmptyPicker.Instance; }
public static class SlowStart { public static double Factor(SlowStartPolicy policy, TimeSpan age) => 1; }
