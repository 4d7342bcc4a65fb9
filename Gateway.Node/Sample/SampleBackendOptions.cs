using System.Net;

namespace Gateway.Node.Sample;

/// <summary>A sample backend's identity, and its answers unless a request's query overrides them.</summary>
public sealed record SampleBackendOptions
{
    /// <summary>Default 127.0.0.1 and any free port: its control paths let anyone who can reach it break it.</summary>
    public IPEndPoint Listen { get; init; } = new(IPAddress.Loopback, 0);

    /// <summary>Its name in <c>X-Backend</c>. Default <c>b1</c>; 1 to 64 letters, digits, dots, underscores, hyphens.</summary>
    public string Name { get; init; } = "b1";

    /// <summary>The delay of each answer except that of <c>/health</c>. Default 0, at most 10 min.</summary>
    public TimeSpan Delay { get; init; }

    /// <summary>The most that is added to <see cref="Delay"/>, uniformly distributed. Default 0, at most 10 min.</summary>
    public TimeSpan Jitter { get; init; }

    /// <summary>The share of requests answered with 503. Default 0, at most 1.</summary>
    public double ErrorRate { get; init; }

    /// <summary>The status of the other answers. Default 200, 200 to 599.</summary>
    public int Status { get; init; } = 200;

    /// <summary>The bytes in the body of an answer. Default 0: an echo of the request as JSON. At most 1 GiB.</summary>
    public long Size { get; init; }

    /// <summary>Receives one line per request. Default null: none. Written by many threads, so it must be synchronized.</summary>
    public TextWriter? Log { get; init; }

    /// <summary>The clock of delays.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>The seed of errors and jitter. Equal names and seeds draw the same.</summary>
    public ulong Seed { get; init; }

    /// <summary>Whether a header field can contain it unchanged.</summary>
    internal static bool IsName(string name) =>
        name.Length is >= 1 and <= 64 && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-');

    /// <summary>Throws <see cref="ArgumentException"/> for the first property out of its range.</summary>
    internal void Check()
    {
        Require(IsName(Name), nameof(Name), Name, "1 to 64 letters, digits, dots, underscores, hyphens");
        Require(Allowed.DelayMs.Holds(Delay.TotalMilliseconds), nameof(Delay), Delay, $"{Allowed.DelayMs} ms");
        Require(Allowed.JitterMs.Holds(Jitter.TotalMilliseconds), nameof(Jitter), Jitter, $"{Allowed.JitterMs} ms");
        Require(Allowed.ErrorRate.Holds(ErrorRate), nameof(ErrorRate), ErrorRate, Allowed.ErrorRate);
        Require(Allowed.Status.Holds(Status), nameof(Status), Status, Allowed.Status);
        Require(Allowed.Size.Holds(Size), nameof(Size), Size, Allowed.Size);
    }

    private static void Require(bool holds, string property, object value, object allowed)
    {
        if (!holds)
        {
            throw new ArgumentException($"{property} {value}: must be {allowed}");
        }
    }
}
