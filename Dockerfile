# The image of a replica (gateway), of the sample backend (gateway backend) and of the command line to both (pbm). Needs no BuildKit: docker build -t gateway-cluster:local .
# The base images by digest, so that a commit always builds the same image: the indexes of SDK 10.0.401 and ASP.NET Core 10.0.12 (September 2026).
ARG SDK_IMAGE=mcr.microsoft.com/dotnet/sdk:10.0@sha256:35d40304542c8689331f8cab17c65926cdf48fe711e289321d71924b230a7d29
ARG RUNTIME_IMAGE=mcr.microsoft.com/dotnet/aspnet:10.0@sha256:2d584d8147faddb0d678c5748d47953e5b8e18621ed4fb7049a91381d9d7746f
FROM $SDK_IMAGE AS build
WORKDIR /src
# The files that a restore reads come first, so that a change of code does not repeat the restore.
COPY global.json Directory.Build.props Directory.Packages.props ./
COPY Gateway.Core/Gateway.Core.csproj Gateway.Core/packages.lock.json Gateway.Core/
COPY Gateway.Actors/Gateway.Actors.csproj Gateway.Actors/packages.lock.json Gateway.Actors/
COPY Gateway.Upstream/Gateway.Upstream.csproj Gateway.Upstream/packages.lock.json Gateway.Upstream/
COPY Gateway.Http/Gateway.Http.csproj Gateway.Http/packages.lock.json Gateway.Http/
COPY Gateway.Wire/Gateway.Wire.csproj Gateway.Wire/packages.lock.json Gateway.Wire/
COPY Gateway.Node/Gateway.Node.csproj Gateway.Node/packages.lock.json Gateway.Node/
COPY Gateway.Cli/Gateway.Cli.csproj Gateway.Cli/packages.lock.json Gateway.Cli/
RUN dotnet restore Gateway.Node --locked-mode && dotnet restore Gateway.Cli --locked-mode
COPY . .
# The version of the build (.ci/version); by default that of Directory.Build.props.
ARG RELEASE_VERSION=
RUN dotnet publish Gateway.Node -c Release --no-restore -o /out/gateway && dotnet publish Gateway.Cli -c Release --no-restore -o /out/pbm

FROM $RUNTIME_IMAGE
ARG RUNTIME_IMAGE
ARG RELEASE_VERSION=
ARG REVISION=
LABEL org.opencontainers.image.title="gateway" \
      org.opencontainers.image.description="HTTP gateway replicas that share the health of their backends" \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.vendor="Gateway maintainers" \
      org.opencontainers.image.base.name="$RUNTIME_IMAGE" \
      org.opencontainers.image.version="$RELEASE_VERSION" \
      org.opencontainers.image.revision="$REVISION"
COPY --from=build /out /opt
RUN ln -s /opt/gateway/gateway /opt/pbm/pbm /usr/local/bin/
# Mount point of a volume with secrets. A new volume takes its owner from here, so that `gateway token` can write to it.
RUN mkdir /run/gateway && chown 1654:1654 /run/gateway
# On loopback a replica would be unreachable. The admin address stays on loopback, since its clients can drain backends.
ENV GATEWAY_LISTEN_ADDR=0.0.0.0:8080 GATEWAY_METRICS_ADDR=0.0.0.0:9090
# Allocate 4 MiB between two collections, instead of the size of the processor's cache: this saves 16 MiB of memory. It can only be set in the environment.
ENV DOTNET_GCgen0size=0x400000
EXPOSE 8080 9090
USER 1654:1654
# Set GATEWAY_LISTEN_ADDR or the file, not a flag of the container's command, which the health check does not see.
HEALTHCHECK --interval=5s --timeout=3s --start-period=30s --retries=3 CMD ["gateway", "probe"]
ENTRYPOINT ["gateway"]
