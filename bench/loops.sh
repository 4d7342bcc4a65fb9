#!/usr/bin/env bash
# Measures the gain from a second core: alternates between a replica with one loop, with backend and load on the same core, and one with two loops, with everything
# on two cores. Load and backend double with the replica, so any loss comes from sharing. Also checks how evenly connections are assigned to loops. Processes on loopback;
# needs two cores, nginx, wrk, curl, taskset, and
#   dotnet publish Gateway.Node -c Release -o artifacts/gateway
# GATEWAY names another program, CONNECTIONS the number of connections per loop (default 512). Stops every process that it starts, by process id.
# Usage: bench/loops.sh [ROUNDS [FLAG...]]     (default 7, of 3 s each; flags for the replicas)
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
gateway=${GATEWAY:-$here/../artifacts/gateway/gateway} rounds=${1:-7} first=${FIRST_PORT:-$((12000 + RANDOM % 20000))} connections=${CONNECTIONS:-512}
die() { printf 'loops.sh: %s\n' "$*" >&2; exit 2; }
[ -x "$gateway" ] || die "no program at $gateway; see the head of this file"
[ "$(nproc)" -ge 2 ] || die "needs two cores"
for tool in nginx wrk curl taskset; do command -v $tool >/dev/null || die "$tool is required"; done
work=$(mktemp -d) broken=0 pids=()
cleanup() { for id in ${pids[@]+"${pids[@]}"}; do kill "$id" 2>/dev/null || true; done; wait 2>/dev/null || true; rm -rf "$work"; }
trap cleanup EXIT
trap 'exit 130' INT TERM
within() { local until=$((SECONDS + $1)); shift; until "$@" >/dev/null 2>&1; do [ "$SECONDS" -lt "$until" ] || die "timed out: $*"; sleep 0.2; done; }
verdict() { local what=$1; shift; if "$@"; then printf 'HOLDS         %s\n' "$what"; else printf 'DOES NOT HOLD %s\n' "$what"; broken=1; fi; }

replicas=() flags=("${@:2}")
# A replica with this number of loops and cores, and a backend with the same number of processes. Ports: backend, replica, admin, metrics from $first + 10 * loops.
start() {
  local loops=$1 cores=0-$(($1 - 1)) port=$((first + 10 * $1))
  cat >"$work/$loops.conf" <<CONF
daemon off; worker_processes $loops; pid $work/$loops.pid;
events { worker_connections 4096; }
http { access_log off; keepalive_requests 1000000000; server { listen 127.0.0.1:$port reuseport; location / { return 200 "$(printf '%070d' 0)"; } } }
CONF
  taskset -c "$cores" nginx -c "$work/$loops.conf" -e "$work/nginx.err" & pids+=($!)
  cat >"$work/$loops.json" <<JSON
{ "eventLoops": $loops, "pools": { "default": { "endpoints": [ { "address": "http://127.0.0.1:$port" } ], "connections": { "max": 4096 } } } }
JSON
  taskset -c "$cores" "$gateway" --config "$work/$loops.json" --listen-addr "127.0.0.1:$((port + 1))" --admin-addr "127.0.0.1:$((port + 2))" --metrics-enabled \
    --metrics-addr "127.0.0.1:$((port + 3))" --log-level error "${flags[@]}" & pids+=($!) replicas[loops]=$!
  within 30 curl -sf -m 2 "http://127.0.0.1:$((port + 1))/ready"
}
load() { # loops, seconds: prints requests per second
  taskset -c "0-$(($1 - 1))" wrk -t "$1" -c $((connections * $1)) -d "${2}s" "http://127.0.0.1:$((first + 10 * $1 + 1))/" >"$work/wrk"
  ! grep -q 'Non-2xx\|Socket errors' "$work/wrk" || die "errors: $(grep 'Non-2xx\|Socket errors' "$work/wrk")"
  awk '/^Requests\/sec/ { print $2 }' "$work/wrk"
}
cpu() { awk '{ print $14 + $15 }' "/proc/${replicas[$1]}/stat"; }

start 1
start 2
for _ in 1 2 3 4; do load 1 3 >/dev/null; load 2 3 >/dev/null; done
ratios=()
for ((round = 1; round <= rounds; round++)); do
  line="round $round:"
  for loops in $((1 + round % 2)) $((2 - round % 2)); do
    before=$(cpu $loops) rate[loops]=$(load $loops 3)
    line+=" $loops loops ${rate[loops]}/s, $(awk -v t=$(($(cpu $loops) - before)) -v r="${rate[loops]}" 'BEGIN { printf "%.1f", t * 10000 / r / 3 }') µs of CPU;"
  done
  ratios+=("$(awk -v a="${rate[2]}" -v b="${rate[1]}" 'BEGIN { printf "%.2f", a / b }')")
  echo "$line ${ratios[-1]} times"
done
sorted=($(printf '%s\n' "${ratios[@]}" | sort -n))
verdict "two loops on two cores do ${sorted[$((rounds / 2))]} times (${sorted[0]} to ${sorted[-1]}) what one does on one; required: at least 1.7" \
  awk -v r="${sorted[$((rounds / 2))]}" 'BEGIN { exit !(r >= 1.7) }'

taskset -c 0 wrk -t 1 -c 1000 -d 3s "http://127.0.0.1:$((first + 21))/" >"$work/wrk" & wrk=$!
sleep 1.5
shares=$(curl -sf "http://127.0.0.1:$((first + 23))/metrics" | awk '/^gateway_loop_connections\{/ { printf "%s%d", n++ ? " " : "", $2 }')
wait $wrk
read -r one other <<<"$shares"
verdict "1,000 clients, and connections to the backend: $one and $other on the loops; required: within 10 %" \
  awk -v a="$one" -v b="$other" 'BEGIN { mean = (a + b) / 2; exit !(mean >= 500 && a >= 0.9 * mean && a <= 1.1 * mean) }'
exit "$broken"
