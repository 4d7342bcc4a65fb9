#!/usr/bin/env bash
# 5,000 clients send twice as many requests as max-connections admits: accepted requests must be answered about as fast as without overload, the others refused at
# once, and /health answered within 50 ms. A backend takes 200 ms per answer, so 1,000 concurrent requests are 5,000 a second; each of 5,000 clients sends two a second.
# Processes on loopback; needs nginx with the echo module, h2load, curl, and: dotnet publish Gateway.Node -c Release -o artifacts/gateway (GATEWAY names another program).
# Stops every process that it starts, by process id.
# Usage: bench/overload.sh [SECONDS]     (default 20)
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
gateway=${GATEWAY:-$here/../artifacts/gateway/gateway} seconds=${1:-20} first=${FIRST_PORT:-$((12000 + RANDOM % 20000))}
die() { printf 'overload.sh: %s\n' "$*" >&2; exit 2; }
[ -x "$gateway" ] || die "no program at $gateway; see the head of this file"
for tool in nginx h2load curl; do command -v $tool >/dev/null || die "$tool is required"; done
[ "$(ulimit -n)" -ge 12000 ] || ulimit -n 12000 || die 'at least 12,000 files have to be allowed (ulimit -n)'
work=$(mktemp -d) broken=0 pids=()
cleanup() { for id in ${pids[@]+"${pids[@]}"}; do kill "$id" 2>/dev/null || true; done; wait 2>/dev/null || true; rm -rf "$work"; }
trap cleanup EXIT
trap 'exit 130' INT TERM
within() { local until=$((SECONDS + $1)); shift; until "$@" >/dev/null 2>&1; do [ "$SECONDS" -lt "$until" ] || die "timed out: $*"; sleep 0.2; done; }
verdict() { local what=$1; shift; if "$@"; then printf 'HOLDS         %s\n' "$what"; else printf 'DOES NOT HOLD %s\n' "$what"; broken=1; fi; }

module=$(find /usr/lib/nginx/modules -name 'ngx_http_echo_module.so' 2>/dev/null | head -n 1)
[ -n "$module" ] || die 'the echo module of nginx is needed (libnginx-mod-http-echo)'
cat >"$work/nginx.conf" <<CONF
load_module $module;
daemon off; master_process off; pid $work/nginx.pid;
events { worker_connections 8192; }
http { access_log off; keepalive_requests 1000000000;
  server { listen 127.0.0.1:$first; location /health { return 200 ok; } location / { echo_sleep 0.2; echo -n ok; } } }
CONF
nginx -c "$work/nginx.conf" -e "$work/nginx.err" & pids+=($!)
cat >"$work/gateway.json" <<JSON
{ "maxConnections": 1000, "pools": { "default": { "endpoints": [ { "address": "http://127.0.0.1:$first" } ], "connections": { "max": 1200 } } } }
JSON
port=$((first + 1))
"$gateway" --config "$work/gateway.json" --listen-addr "127.0.0.1:$port" --admin-addr "127.0.0.1:$((port + 1))" --metrics-enabled --metrics-addr "127.0.0.1:$((port + 2))" --log-level error & pids+=($!)
within 30 curl -sf -m 2 "http://127.0.0.1:$port/ready"

load() { # clients, requests per second of each, seconds, log
  h2load --h1 -t1 -c"$1" --rps="$2" -D"$3" --log-file="$4" "http://127.0.0.1:$port/" >"$work/h2load" 2>&1 || { tail -n 3 "$work/h2load"; die 'h2load failed'; }
}
# figures LOG: the numbers of accepted and refused requests, and the 99th percentile of each, in ms.
figures() {
  local accepted refused
  accepted=$(awk '$2 == 200 { print $3 }' "$1" | sort -n) refused=$(awk '$2 == 503 { print $3 }' "$1" | sort -n)
  awk '$2 != 200 && $2 != 503' "$1" | wc -l >"$work/others"
  p99() { awk '{ v[NR] = $1 } END { printf "%.1f", NR ? v[int((NR - 1) * 0.99) + 1] / 1000 : 0 }' <<<"$1"; }
  count() { [ -z "$1" ] && echo 0 || wc -l <<<"$1"; }
  echo "$(count "$accepted") $(p99 "$accepted") $(count "$refused") $(p99 "$refused") $(cat "$work/others")"
}
load 1000 2 5 "$work/warm"
load 500 2 "$seconds" "$work/calm"
read -r calm calm99 _ _ calmother < <(figures "$work/calm")
echo "500 clients, 1,000 requests/s: $calm accepted, p99 $calm99 ms, $calmother others"

(until [ -e "$work/over" ]; do curl -s -m 2 -o /dev/null -w '%{http_code} %{time_total}\n' "http://127.0.0.1:$port/health" || echo '0 9'; sleep 0.1; done) >"$work/health" & health=$!
load 5000 2 "$seconds" "$work/full"
touch "$work/over"; wait $health
read -r accepted p99 refused refused99 others < <(figures "$work/full")
echo "5,000 clients, 10,000 requests/s: $accepted accepted, p99 $p99 ms; $refused refused, p99 $refused99 ms; $others others"
sort -k2 -n "$work/health" | awk '{ v[NR] = $2; bad += $1 != 200 } END { printf "/health: requested %d times, slowest %.1f ms, p99 %.1f ms, %d failed\n", NR, v[NR] * 1000, v[int((NR - 1) * 0.99) + 1] * 1000, bad }'
verdict "accepted requests: p99 $p99 ms within twice $calm99 ms" awk -v a="$p99" -v b="$calm99" 'BEGIN { exit !(a <= 2 * b) }'
verdict "some were refused, each with 503" awk -v r="$refused" -v o="$others" 'BEGIN { exit !(r > 0 && o == 0) }'
# The clients connect and send at the same moments, so a refusal waits for up to 5,000 others that arrived with it, and the load generator for its own core.
verdict "refused without waiting: p99 $refused99 ms, below the 200 ms that an answer takes" awk -v a="$refused99" 'BEGIN { exit !(a < 200) }'
verdict "/health answered 200 within 50 ms each time" awk '$1 != 200 || $2 > 0.05 { bad = 1 } END { exit bad }' "$work/health"
active() { curl -sf "http://127.0.0.1:$((port + 2))/metrics" | awk '$1 == "gateway_active_requests" { n = $2 } END { exit n != 0 }'; }
within 10 active || true
verdict 'nothing is in flight afterwards' active
exit $broken
