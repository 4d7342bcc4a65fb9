using System.Text.Json;
using System.Text.Json.Serialization;
using Gateway.Actors.Inspection;
using Gateway.Core.Breaking;
using Gateway.Core.Evidence;
using Gateway.Core.Health;
using Gateway.Core.Membership;
using Gateway.Core.Outcomes;

namespace Gateway.Node.Admin;

/// <summary>The bodies of the admin API: camelCase keys, enumerations in kebab case, null for missing values.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    Converters =
    [
        typeof(KebabCase<ReplicaPhase>), typeof(KebabCase<EndpointState>), typeof(KebabCase<EndpointSource>), typeof(KebabCase<Verdict>), typeof(KebabCase<BreakerPhase>),
        typeof(KebabCase<Opinion>), typeof(KebabCase<FailureReason>), typeof(KebabCase<ReplicaStatus>), typeof(KebabCase<LogLevel>),
        typeof(KebabCase<CertificateState>),
    ])]
[JsonSerializable(typeof(StatusReport))]
[JsonSerializable(typeof(EndpointListing))]
[JsonSerializable(typeof(PoolListing))]
[JsonSerializable(typeof(CertificateListing))]
[JsonSerializable(typeof(MembershipReport))]
[JsonSerializable(typeof(AnalyticsListing))]
[JsonSerializable(typeof(EventReport))]
[JsonSerializable(typeof(ProblemReport))]
internal sealed partial class AdminJson : JsonSerializerContext;

internal sealed class KebabCase<TEnum>() : JsonStringEnumConverter<TEnum>(JsonNamingPolicy.KebabCaseLower)
    where TEnum : struct, Enum;

/// <summary>Why a request failed (RFC 9457).</summary>
internal sealed record ProblemReport(int Status, string Title, string Detail)
{
    public const string ContentType = "application/problem+json";
}
