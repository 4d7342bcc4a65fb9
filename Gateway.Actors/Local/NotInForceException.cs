namespace Gateway.Actors.Local;

/// <summary>What was to be brought into force is not, or only in part; the message says where.</summary>
public sealed class NotInForceException(string why) : Exception($"not in force everywhere: {why}");
