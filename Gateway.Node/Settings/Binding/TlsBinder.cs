using System.Collections.Immutable;
using System.Net;
using Gateway.Node.Settings.Sections;
using Gateway.Wire.Tls;

namespace Gateway.Node.Settings.Binding;

/// <summary>Creates the settings of TLS for clients, and checks their consistency.</summary>
internal sealed class TlsBinder(GatewayFile file, LayeredSettings given, Faults faults)
{
    private const string AddressKey = "tlsAddr";
    private const string CertificateKey = "tlsCert";
    private const string PrivateKey = "tlsKey";
    private const string PasswordKey = "tlsKeyPasswordFile";
    private const string SectionKey = "tls";

    private static readonly TimeSpan DefaultMaxAge = TimeSpan.FromDays(365);

    /// <summary>The top-level keys of TLS for clients.</summary>
    public static ImmutableArray<string> Keys { get; } = [AddressKey, CertificateKey, PrivateKey, PasswordKey, SectionKey];

    /// <summary>Null: no TLS for clients.</summary>
    /// <param name="address">The TLS address; null: none, or faulty.</param>
    public TlsSettings? Bind(IPEndPoint? address)
    {
        var certificates = Certificates();
        if (file.TlsAddr is null)
        {
            if (!faults.Touch(AddressKey) && Keys.FirstOrDefault(key => given.Values.ContainsKey(key)) is { } alone)
            {
                faults.Add(alone, given.Where(alone), "requires --tls-addr");
            }

            return null;
        }

        if (certificates.IsEmpty && !faults.Touch(CertificateKey, PrivateKey, SectionKey))
        {
            faults.Add(AddressKey, given.Where(AddressKey),
                "requires a certificate; set --tls-cert and --tls-key, or tls.certificates in the file");
        }

        return address is null
            ? null
            : new() { Address = address, Certificates = certificates, Engine = Engine(), Clients = Clients(), RedirectPort = RedirectPort(address), Hsts = Hsts() };
    }

    private ImmutableArray<CertificateFiles> Certificates()
    {
        var certificates = ImmutableArray.CreateBuilder<CertificateFiles>();
        var sections = file.Tls?.Certificates ?? [];
        int? isDefault = null;
        for (var i = 0; i < sections.Count; i++)
        {
            if (sections[i] is not { Certificate: { } certificate, Key: { } key } section)
            {
                continue;
            }

            if (section.Default == true && isDefault is { } other)
            {
                faults.Add(SectionKey, given.Where($"tls.certificates[{i}].default"),
                    $"conflicts with tls.certificates[{other}], which is already the default; allowed: one default");
            }

            isDefault ??= section.Default == true ? i : null;
            certificates.Add(new(
                given.Resolve(SectionKey, certificate), given.Resolve(SectionKey, key),
                section.KeyPasswordFile is { } password ? given.Resolve(SectionKey, password) : null, section.Default ?? false));
        }

        return OfFlags(isDefault is null) is { } first ? [first, .. certificates] : certificates.ToImmutable();
    }

    private TlsEngine Engine()
    {
        if (file.Tls?.Engine is not "openssl")
        {
            return file.Tls?.Engine is "sslstream" ? TlsEngine.SslStream : TlsEngine.Auto;
        }

        var what = file.HttpEngine is "transport" or "kestrel" ? $"'openssl' requires httpEngine auto or loops; httpEngine is {Faults.Quote(file.HttpEngine)}"
            : TlsContext.Fault is { } fault ? $"'openssl' is not available: {fault}; allowed on this system: auto, sslstream"
            : null;
        if (what is not null && !faults.Touch(SectionKey))
        {
            faults.Add(SectionKey, given.Where("tls.engine"), what);
        }

        return TlsEngine.OpenSsl;
    }

    private ClientCertificateSettings? Clients()
    {
        var tls = file.Tls;
        if (tls?.ClientCertificates is null or "off")
        {
            OnlyWith("clientAuthorities", tls?.ClientAuthorities is not null, "clientCertificates accept or require");
            OnlyWith("clientCertificateChain", tls?.ClientCertificateChain == true, "clientCertificates accept or require");
            return null;
        }

        if (tls.ClientAuthorities is not { } authorities)
        {
            const string Key = "tls.clientCertificates";
            if (!faults.Touch(SectionKey))
            {
                faults.Add(SectionKey, given.Where(Key), $"'{tls.ClientCertificates}' requires tls.clientAuthorities, a PEM file with the authorities that sign client certificates");
            }

            return null;
        }

        return new(Enum.Parse<ClientCertificateMode>(tls.ClientCertificates, ignoreCase: true), given.Resolve(SectionKey, authorities), tls.ClientCertificateChain ?? false);
    }

    private int? RedirectPort(IPEndPoint address)
    {
        if (file.Tls?.Redirect != true)
        {
            OnlyWith("redirectPort", file.Tls?.RedirectPort is not null, "redirect true");
            return null;
        }

        var port = file.Tls.RedirectPort ?? 0;
        if (port == 0 && address.Port == 0 && !faults.Touch(SectionKey))
        {
            faults.Add(SectionKey, given.Where("tls.redirect"), "requires tls.redirectPort, since tlsAddr has port 0 (any free port)");
        }

        return port;
    }

    private HstsSettings? Hsts() => file.Tls?.Hsts is { } hsts ? new(hsts.MaxAge ?? DefaultMaxAge, hsts.IncludeSubDomains ?? false) : null;

    /// <summary>Refuses a setting without effect.</summary>
    private void OnlyWith(string key, bool isGiven, string other)
    {
        if (isGiven && !faults.Touch(SectionKey))
        {
            faults.Add(SectionKey, given.Where($"tls.{key}"), $"requires {other}");
        }
    }

    private CertificateFiles? OfFlags(bool isDefault)
    {
        if (file is { TlsCert: { } certificate, TlsKey: { } key })
        {
            return new(
                given.Resolve(CertificateKey, certificate), given.Resolve(PrivateKey, key),
                file.TlsKeyPasswordFile is { } password ? given.Resolve(PasswordKey, password) : null, isDefault);
        }

        string[] keys = [CertificateKey, PrivateKey, PasswordKey];
        string?[] paths = [file.TlsCert, file.TlsKey, file.TlsKeyPasswordFile];
        if (Array.FindIndex(paths, path => path is not null) is >= 0 and var index && !faults.Touch(keys))
        {
            faults.Add(keys[index], given.Where(keys[index]), keys[index] == PasswordKey
                ? "requires --tls-key"
                : "is set alone; set both --tls-cert and --tls-key, or neither");
        }

        return null;
    }
}
