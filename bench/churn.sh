#!/usr/bin/env bash
# One replica with poisoned and guarded buffers, between clients and backends that abort in every way: each answer must belong to its request, nothing may
# crash or hang, and memory and descriptors must not grow. Prints a line per minute, then the verdicts. Processes on loopback; needs curl, no root, and
#   dotnet publish Gateway.Node -c Release -o artifacts/gateway && dotnet publish bench/Gateway.Rig -c Release -o artifacts/rig
# GATEWAY and RIG name other programs. Stops every process that it starts, by process id.
# Usage: bench/churn.sh [MINUTES [CLIENTS [FLAG...]]]     (default 30 minutes, 64 concurrent connections; flags for the replica)
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
gateway=${GATEWAY:-$here/../artifacts/gateway/gateway} rig=${RIG:-$here/../artifacts/rig/rig}
minutes=${1:-30} clients=${2:-64} first=${FIRST_PORT:-$((12000 + RANDOM % 20000))}
shift $(($# < 2 ? $# : 2))
die() { printf 'churn.sh: %s\n' "$*" >&2; exit 2; }
for program in "$gateway" "$rig"; do [ -x "$program" ] || die "no program at $program; see the head of this file"; done
command -v curl >/dev/null || die 'curl is required'
[[ $minutes =~ ^[1-9][0-9]*$ ]] || die "'$minutes' is not a number of minutes"

work=$(mktemp -d) broken=0 pids=()
cleanup() { for id in ${pids[@]+"${pids[@]}"}; do kill -9 "$id" 2>/dev/null || true; done; wait 2>/dev/null || true; rm -rf "$work"; }
trap cleanup EXIT
trap 'exit 130' INT TERM
within() { local until=$((SECONDS + $1)); shift; until "$@" >/dev/null 2>&1; do [ "$SECONDS" -lt "$until" ] || die "timed out: $*"; sleep 0.2; done; }
get() { curl -sf -m 5 "http://127.0.0.1:$1"; } # PORT/PATH
verdict() { local what=$1; shift; if "$@"; then printf 'HOLDS         %s\n' "$what"; else printf 'DOES NOT HOLD %s\n' "$what"; broken=1; fi; }
sum() { get "$((first + 9))/metrics" | awk -v name="$1" 'index($0, name "{") == 1 || index($0, name " ") == 1 { sum += $NF } END { print sum + 0 }'; }
is() { [ "$(sum "$1")" = "$2" ]; }
resident() { awk '/^VmRSS/ { print int($2 / 1024) }' "/proc/$replica/status"; } # MiB
descriptors() { find "/proc/$replica/fd" -mindepth 1 | wc -l; }

backends='' ports=()
for n in 1 2 3 4; do ports+=($((first + n))); backends+=",http://127.0.0.1:$((first + n))"; done
WIRE_CHECKED_BUFFERS=1 "$gateway" --listen-addr "127.0.0.1:$first" --admin-addr "127.0.0.1:$((first + 8))" --metrics-enabled --metrics-addr "127.0.0.1:$((first + 9))" \
  --relay-endpoints "${backends#,}" --circuit-breaker-threshold 1000 --log-level warn "$@" >"$work/gateway.log" 2>&1 &
replica=$! pids+=($!)
"$rig" churn --gateway "127.0.0.1:$first" --backend-port "${ports[@]}" --clients "$clients" --seconds $((minutes * 60)) >"$work/rig.log" 2>&1 &
load=$! pids+=($!)

memory=() files=()
for ((minute = 1; minute <= minutes; minute++)); do
  for ((second = 0; second < 60; second++)); do
    kill -0 "$replica" 2>/dev/null || { tail -n 30 "$work/gateway.log" >&2; die "the replica ended in minute $minute"; }
    sleep 1
  done
  memory+=("$(resident)") files+=("$(descriptors)")
  printf 'minute %2d: %4d MiB, %4d descriptors; %s\n' "$minute" "${memory[-1]}" "${files[-1]}" "$(tail -n 1 "$work/rig.log" | cut -c 1-300)"
done
code=0
wait "$load" || code=$?
grep WRONG "$work/rig.log" || true
tail -n 1 "$work/rig.log" | sed 's/^/   /'
verdict 'each answer was its request'"'"'s own, and each request was answered or cut' [ "$code" = 0 ]
for metric in gateway_active_requests gateway_active_connections gateway_queue_length gateway_circuit_breaker_trials; do within 70 is $metric 0; done
within 70 is gateway_client_connections 0
verdict 'every count is back at zero; as many connections to backends are open as are idle' is gateway_connection_pool_idle "$(sum gateway_connection_pool_size)"
faults=$(grep -c -i -E 'unexpected|unhandled|exception' "$work/gateway.log" || true)
verdict "no fault of the gateway's own in its log: $faults" [ "$faults" = 0 ]
# Flat: the last third is at most 10 % above the middle third.
flat() { printf '%s\n' "$@" | awk '{ v[NR] = $1 } END { t = int(NR / 3); if (!t) exit 1; for (i = 1; i <= t; i++) { m += v[NR - 2 * t + i]; l += v[NR - t + i] } exit !(l <= m * 1.1) }'; }
if ((minutes >= 6)); then
  verdict "memory is flat: ${memory[*]} MiB" flat "${memory[@]}"
  verdict "descriptors are flat: ${files[*]}" flat "${files[@]}"
fi
((broken)) && grep -i -m 20 -E 'unexpected|unhandled|exception' "$work/gateway.log" >&2
exit "$broken"
