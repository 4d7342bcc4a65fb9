namespace Gateway.Fuzz.Engine;

/// <summary>The engine has broken a promise.</summary>
internal sealed class ScriptException(string what) : Exception(what);
