namespace Gateway.Actors.Local;

/// <summary>Thrown when settings are not in force, or only in part; the message says where.</summary>
public sealed class NotInForceException(string why) : Exception($"not applied everywhere: {why}");
