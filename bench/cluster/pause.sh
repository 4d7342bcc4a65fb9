#!/usr/bin/env bash
# Pauses one of three replicas (SIGSTOP) under load and resumes it: no endpoint may be ejected and no breaker may trip because of it, on any replica.
# Real processes on the loopback address; needs no root, and curl, awk, wrk.
# Usage: bench/cluster/pause.sh [SECONDS] [ROUNDS]     (default: paused for 15 s, 3 rounds of 45 s). Uses ports from PORT (26000) upwards.
# CONNECTIONS (64) are open to each replica, and backends take DELAY_MS (20). GATEWAY names the program; by default artifacts/gateway/gateway, as in
# lib.sh. Before pauses were excluded from timeouts, a round caused 0 to 6 failures of backends, depending on whether answers or timers ran first
# when the process resumed. PauseTests cover what does not depend on that.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
gateway=${GATEWAY:-$here/../../artifacts/gateway/gateway}
stopped=${1:-15} rounds=${2:-3} port=${PORT:-26000}
for tool in curl awk wrk; do command -v "$tool" >/dev/null || { echo "$tool is required" >&2; exit 2; }; done
[ -x "$gateway" ] || { echo "no program at $gateway" >&2; exit 2; }

work=$(mktemp -d)
declare -A pid=()
cleanup() {
  local code=$? name
  trap - EXIT
  for name in "${!pid[@]}"; do kill -CONT "${pid[$name]}" 2>/dev/null || true; kill -9 "${pid[$name]}" 2>/dev/null || true; done
  wait 2>/dev/null || true
  if [ -n "${KEEP:-}" ]; then echo "logs: $work"; else rm -rf "$work"; fi
  exit "$code"
}
trap cleanup EXIT
start() { local name=$1; shift; "$@" >>"$work/$name.log" 2>&1 & pid[$name]=$!; }
within() { # SECONDS CMD...: repeats a command until it succeeds
  local until=$((SECONDS + $1)); shift
  until "$@" >/dev/null 2>&1; do [ "$SECONDS" -lt "$until" ] || { echo "timed out: $*" >&2; return 1; }; sleep 0.2; done
}
get() { curl -sf -m 5 "http://127.0.0.1:$1"; }
# metric N NAME [TEXT]: the sum of a replica's series whose labels contain the text
metric() {
  get "$((port + 200 + $1))/metrics" | awk -v name="$2" -v text="${3:-}" '
    (index($0, name "{") == 1 || index($0, name " ") == 1) && index($0, text) { sum += $NF } END { print sum + 0 }'
}
all() { local n sum=0; for n in 1 2 3; do sum=$(awk "BEGIN { print $sum + $(metric "$n" "$@") }"); done; printf '%s' "$sum"; }
joined() { [ "$(metric "$1" gateway_cluster_members 'state="up"')" = 3 ] && [ "$(metric "$1" gateway_cluster_unreachable_members)" = 0 ]; }

relays=''
for n in 1 2 3 4; do
  start "b$n" "$gateway" backend --name "b$n" --listen-addr "127.0.0.1:$((port + n))" --delay-ms "${DELAY_MS:-20}"
  relays+=",http://127.0.0.1:$((port + n))"
done
seeds="127.0.0.1:$((port + 301)),127.0.0.1:$((port + 302)),127.0.0.1:$((port + 303))"
for n in 1 2 3; do
  start "g$n" "$gateway" --gateway-id "g$n" --listen-addr "127.0.0.1:$((port + 100 + n))" --relay-endpoints "${relays#,}" \
    --metrics-enabled --metrics-addr "127.0.0.1:$((port + 200 + n))" --admin-addr "127.0.0.1:$((port + 400 + n))" \
    --cluster-addr "127.0.0.1:$((port + 300 + n))" --seed-nodes "$seeds" --health-check-interval-ms 2000
done
for n in 1 2 3; do within 180 get "$((port + 100 + n))/ready"; within 120 joined "$n"; done
for n in 1 2 3; do start "load$n" wrk -t1 -c"${CONNECTIONS:-64}" -d "$((rounds * (stopped + 30) + 60))s" --timeout 60s "http://127.0.0.1:$((port + 100 + n))/"; done
sleep 5

broken=0
for round in $(seq "$rounds"); do
  trips=$(all gateway_circuit_breaker_transitions_total 'to="open"') ejections=$(all gateway_decisions_total 'decision="ejected"')
  failures=$(all gateway_backend_failures_total) fives=$(all gateway_request_total 'status="5')
  kill -STOP "${pid[g2]}"; sleep "$stopped"; kill -CONT "${pid[g2]}"
  sleep 5; within 60 joined 2; sleep 10
  trips=$(($(all gateway_circuit_breaker_transitions_total 'to="open"') - trips)) ejections=$(($(all gateway_decisions_total 'decision="ejected"') - ejections))
  failures=$(($(all gateway_backend_failures_total) - failures)) fives=$(($(all gateway_request_total 'status="5') - fives))
  what="round $round, stopped for $stopped s: $trips trips, $ejections ejections at any replica; $failures failures of backends, $fives answers 5xx of $(all gateway_request_total)"
  if [ "$trips" = 0 ] && [ "$ejections" = 0 ]; then echo "HOLDS         $what"; else echo "DOES NOT HOLD $what"; broken=1; fi
done
grep -h 'was paused for' "$work/g2.log" || echo 'the stopped replica did not log the pause'
exit "$broken"
