#!/usr/bin/env bash
# Three replicas and four backends, 0.5 % of whose answers are 503 all the time. One backend fails every request for 3 s and recovers: in the 40 s
# after that at most one breaker may open again, on any replica, and no request may fail. Processes on loopback; needs curl, no root, and
#   dotnet publish Gateway.Node -c Release -o artifacts/gateway && dotnet publish bench/Gateway.Rig -c Release -o artifacts/rig
# GATEWAY and RIG name other programs; FIRST_PORT (a free range of 40) is random by default. Stops every process that it starts, by process id.
# Usage: bench/cluster/recover.sh [RATE [ROUNDS]]     (requests per second over all replicas, default 450; rounds, default 3; about a minute each)
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
gateway=${GATEWAY:-$here/../../artifacts/gateway/gateway} rig=${RIG:-$here/../../artifacts/rig/rig}
rate=${1:-450} rounds=${2:-3} first=${FIRST_PORT:-$((12000 + RANDOM % 20000))}
die() { printf 'recover.sh: %s\n' "$*" >&2; exit 2; }
for program in "$gateway" "$rig"; do [ -x "$program" ] || die "no program at $program; see the head of this file"; done
command -v curl >/dev/null || die 'curl is required'

work=$(mktemp -d) broken=0 pids=()
cleanup() { for id in ${pids[@]+"${pids[@]}"}; do kill -9 "$id" 2>/dev/null || true; done; wait 2>/dev/null || true; rm -rf "$work"; }
trap cleanup EXIT
trap 'exit 130' INT TERM
start() { local name=$1; shift; "$@" >>"$work/$name.log" 2>&1 & pids+=($!); }
within() { local until=$((SECONDS + $1)); shift; until "$@" >/dev/null 2>&1; do [ "$SECONDS" -lt "$until" ] || die "timed out: $*"; sleep 0.1; done; }
get() { curl -sf -m 2 "http://127.0.0.1:$1"; } # PORT/PATH
verdict() { local what=$1; shift; if "$@"; then printf 'HOLDS         %s\n' "$what"; else printf 'DOES NOT HOLD %s\n' "$what"; broken=1; fi; }

backends='' seeds='' targets=()
for n in 1 2 3 4; do
  start "b$n" "$gateway" backend --name "b$n" --listen-addr "127.0.0.1:$((first + n))" --error-rate 0.005
  within 30 get "$((first + n))/-/stats"
  backends+=",http://127.0.0.1:$((first + n))"
done
for n in 1 2 3; do seeds+=",127.0.0.1:$((first + 20 + n))" targets+=("http://127.0.0.1:$((first + 10 + n))"); done
for n in 1 2 3; do
  start "g$n" "$gateway" --gateway-id "g$n" --listen-addr "127.0.0.1:$((first + 10 + n))" --admin-addr "127.0.0.1:$((first + 34 + n))" \
    --metrics-enabled --metrics-addr "127.0.0.1:$((first + 30 + n))" --cluster-addr "127.0.0.1:$((first + 20 + n))" --seed-nodes "${seeds#,}" \
    --relay-endpoints "${backends#,}" --health-check-interval-ms 1000
done
# sum SERIES TEXT: over all replicas, the value of the series whose labels contain the text
sum() {
  local n
  for n in 1 2 3; do get "$((first + 30 + n))/metrics"; done | awk -v name="$1" -v text="$2" '
    (index($0, name "{") == 1 || index($0, name " ") == 1) && index($0, text) { sum += $NF } END { print sum + 0 }'
}
trips() { sum gateway_circuit_breaker_transitions_total 'to="open"'; }
is() { [ "$(sum "$1" "$2")" = "$3" ]; }
for n in 1 2 3; do within 180 get "$((first + 10 + n))/ready"; done
within 120 is gateway_cluster_members 'state="up"' 9
start load "$rig" load --target "${targets[@]}" --rate "$rate" --seconds $((rounds * 75 + 15))
load=${pids[-1]}
sleep 5

for ((round = 1; round <= rounds; round++)); do
  within 120 is gateway_circuit_breaker_state '' 0
  before=$(trips)
  curl -sf -o /dev/null -X POST "http://127.0.0.1:$((first + 2))/-/behave?mode=failing"
  sleep 3
  curl -sf -o /dev/null -X POST "http://127.0.0.1:$((first + 2))/-/behave?mode=well"
  sleep 0.5
  failed=$(trips)
  sleep 40
  after=$(trips)
  verdict "round $round: $((failed - before)) breakers opened while b2 failed, $((after - failed)) in the 40 s after" [ $((failed - before)) -ge 1 -a $((after - failed)) -le 1 ]
done
wait "$load" || true
tail -n 1 "$work/load.log" | sed 's/^/   /'
verdict 'no request failed' grep -q ' failed=0 ' "$work/load.log"
exit "$broken"
