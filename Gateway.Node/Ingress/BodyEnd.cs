namespace Gateway.Node.Ingress;

/// <summary>What became of a request's body.</summary>
/// <param name="IsWhole">Whether all of it has been passed on.</param>
/// <param name="Fault">The status of the answer to a body that Kestrel refuses; 0: it does not.</param>
internal readonly record struct BodyEnd(bool IsWhole, int Fault = 0);
