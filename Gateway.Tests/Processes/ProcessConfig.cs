using Gateway.Tests.EndToEnd.Backends;

namespace Gateway.Tests.Processes;

/// <summary>Texts of gateway.json for replicas in processes.</summary>
internal static class ProcessConfig
{
    /// <summary>One pool with these backends, without probes, warm-up and drain delay.</summary>
    /// <param name="more">Further keys, each followed by a comma.</param>
    public static string Before(IEnumerable<RawBackend> backends, string more = "") =>
        $$"""
        {
          {{more}}
          "warmUp": "00:00:00",
          "drain": { "delay": "00:00:00" },
          "pools": {
            "default": {
              "endpoints": [ {{string.Join(", ", backends.Select(b => $$"""{ "address": "{{b.Address.GetLeftPart(UriPartial.Authority)}}" }"""))}} ],
              "health": { "kind": "none" }
            }
          }
        }
        """;

    /// <inheritdoc cref="Before(IEnumerable{RawBackend}, string)"/>
    public static string Before(RawBackend backend, string more = "") => Before([backend], more);
}
