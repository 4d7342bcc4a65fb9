#!/usr/bin/env bash
# Keeps streams open while the settings are reloaded every second and endpoints are added and removed: bidirectional gRPC streams, WebSockets over HTTP/1.1 and over HTTP/2. None
# may be cut. Then a backend is killed: its streams must end within a second, calls as UNAVAILABLE, and no others. Processes on loopback; needs curl, 10,000 open files, and
#   dotnet publish Gateway.Node -c Release -o artifacts/gateway && dotnet publish bench/Gateway.Rig -c Release -o artifacts/rig
# GATEWAY and RIG name other programs. Stops every process that it starts, by process id.
# Usage: bench/streams.sh [SECONDS [STREAMS [FLAG...]]]     (default 600 seconds, 1000 streams: half gRPC, a quarter each kind of WebSocket; flags for the replica)
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
gateway=${GATEWAY:-$here/../artifacts/gateway/gateway} rig=${RIG:-$here/../artifacts/rig/rig}
seconds=${1:-600} streams=${2:-1000} first=${FIRST_PORT:-$((12000 + RANDOM % 20000))}
shift $(($# < 2 ? $# : 2))
die() { printf 'streams.sh: %s\n' "$*" >&2; exit 2; }
for program in "$gateway" "$rig"; do [ -x "$program" ] || die "no program at $program; see the head of this file"; done
command -v curl >/dev/null || die 'curl is required'
[ "$(ulimit -n)" -ge 10000 ] || ulimit -n 10000 || die 'needs 10000 open files'

work=$(mktemp -d) broken=0 pids=() backends=()
cleanup() { for id in ${pids[@]+"${pids[@]}"}; do kill "$id" 2>/dev/null || true; done; wait 2>/dev/null || true; rm -rf "$work"; }
trap cleanup EXIT
trap 'exit 130' INT TERM
within() { local until=$((SECONDS + $1)); shift; until "$@" >/dev/null 2>&1; do [ "$SECONDS" -lt "$until" ] || die "timed out: $*"; sleep 0.2; done; }
verdict() { local what=$1; shift; if "$@"; then printf 'HOLDS         %s\n' "$what"; else printf 'DOES NOT HOLD %s\n' "$what"; broken=1; fi; }

# Three backends; in each round one of them is removed, except while the first streams are opened (round 0), and the timeouts differ in each round.
configure() {
  local list='' grpc='' n port
  for n in 0 1 2; do
    port=$((first + 10 + 2 * n))
    if (($1 > 0 && n == $1 % 3)); then continue; fi
    list+=",{ \"address\": \"http://127.0.0.1:$port\" }" grpc+=",{ \"address\": \"http://127.0.0.1:$((port + 1))\" }"
  done
  local rest="\"connections\": { \"max\": $((5000 + $1)) }, \"timeouts\": { \"idle\": \"$((60 + $1 % 60))s\" }, \"health\": { \"kind\": \"tcp\" }"
  cat >"$work/next.json" <<JSON
{ "http2Addr": "127.0.0.1:$((first + 1))", "pools": { "default": { "endpoints": [ ${list#,} ], $rest }, "grpc": { "protocol": "http2", "endpoints": [ ${grpc#,} ], $rest } },
  "routes": [ { "name": "grpc", "pathPrefix": "/test.Echo", "pool": "grpc" }, { "name": "rest", "pathPrefix": "/", "pool": "default" } ] }
JSON
  mv "$work/next.json" "$work/gateway.json"
}

configure 0
for n in 0 1 2; do
  "$rig" echo --port $((first + 10 + 2 * n)) & pids+=($!) backends+=($!)
  within 20 curl -sf -m 2 "http://127.0.0.1:$((first + 10 + 2 * n))/"
done
"$gateway" --config "$work/gateway.json" --listen-addr "127.0.0.1:$first" --admin-addr "127.0.0.1:$((first + 8))" \
  --max-connections 20000 --log-level info "$@" >"$work/gateway.log" 2>&1 &
replica=$! pids+=("$replica")
within 60 curl -sf -m 2 "http://127.0.0.1:$first/ready"

# The backend to kill is in the settings of the last round.
"$rig" streams --gateway "127.0.0.1:$first" --gateway-http2 "127.0.0.1:$((first + 1))" --calls $((streams / 2)) --sockets $((streams / 4)) --seconds "$seconds" --kill "${backends[1]}" >"$work/rig.log" 2>&1 &
load=$! pids+=("$load")
tail -f -n +1 --pid="$load" "$work/rig.log" & pids+=($!)
within 90 grep -q -E '^(all|not all) open' "$work/rig.log"
grep -q '^all open' "$work/rig.log" || die "$(grep '^not all open' "$work/rig.log")"
reloads=0
while kill -0 "$load" 2>/dev/null && ! grep -q '^cut before' "$work/rig.log"; do
  reloads=$((reloads + 1))
  configure "$reloads"
  kill -HUP "$replica"
  sleep 1
done
code=0
wait "$load" || code=$?
sleep 1
loaded=$(grep -c -i 'settings' "$work/gateway.log" || true)
printf '%d reloads, %d lines of the log about settings\n' "$reloads" "$loaded"
verdict "no stream was cut in $seconds s: $(grep -o '^cut before the end: [0-9]*' "$work/rig.log")" grep -q '^cut before the end: 0\.' "$work/rig.log"
verdict "$(grep -o '^killed a backend[^.]*' "$work/rig.log")" [ "$code" = 0 ]
faults=$(grep -c -i -E 'unexpected|unhandled|exception' "$work/gateway.log" || true)
verdict "no fault of the gateway's own in its log: $faults" [ "$faults" = 0 ]
((broken)) && tail -n 20 "$work/gateway.log" >&2
exit "$broken"
