using Gateway.Core.Addressing;

namespace Gateway.Tests;

/// <summary>Addresses for tests without network traffic.</summary>
internal static class TestEndpoints
{
    public static EndpointAddress Address(string text) =>
        EndpointAddress.TryParse(text, out var address, out var fault) ? address : throw new ArgumentException(fault, nameof(text));

    public static EndpointAddress Address(int number) => Address($"http://10.0.0.{number}:8000");

    public static int NumberOf(EndpointAddress address) => int.Parse(address.Host.AsSpan(address.Host.LastIndexOf('.') + 1), System.Globalization.CultureInfo.InvariantCulture);

    public static EndpointId Id(int number, string pool = "default") => new(pool, Address(number));
}
