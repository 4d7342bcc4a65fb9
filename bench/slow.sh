#!/usr/bin/env bash
# Measures what 2,000 slow uploads and 2,000 slow downloads at the same time cost a replica in memory, and other clients in latency: 512 requests per second, p99
# without and with them, alternately. Processes on loopback; needs nginx with the echo module, h2load, curl, 20,000 open files, and
#   dotnet publish Gateway.Node -c Release -o artifacts/gateway && dotnet publish bench/Gateway.Rig -c Release -o artifacts/rig
# GATEWAY and RIG name other programs. Stops every process that it starts, by process id.
# Usage: bench/slow.sh [EACH [FLAG...]]     (number of each, default 2000; flags for the replica)
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
gateway=${GATEWAY:-$here/../artifacts/gateway/gateway} rig=${RIG:-$here/../artifacts/rig/rig}
each=${1:-2000} first=${FIRST_PORT:-$((12000 + RANDOM % 20000))}
shift $(($# < 1 ? $# : 1))
die() { printf 'slow.sh: %s\n' "$*" >&2; exit 2; }
for program in "$gateway" "$rig"; do [ -x "$program" ] || die "no program at $program; see the head of this file"; done
for tool in nginx h2load curl; do command -v $tool >/dev/null || die "$tool is required"; done
[ "$(ulimit -n)" -ge 20000 ] || ulimit -n 20000 || die "needs 20000 open files"

work=$(mktemp -d) broken=0 pids=()
cleanup() { for id in ${pids[@]+"${pids[@]}"}; do kill "$id" 2>/dev/null || true; done; wait 2>/dev/null || true; rm -rf "$work"; }
trap cleanup EXIT
trap 'exit 130' INT TERM
within() { local until=$((SECONDS + $1)); shift; until "$@" >/dev/null 2>&1; do [ "$SECONDS" -lt "$until" ] || die "timed out: $*"; sleep 0.2; done; }
verdict() { local what=$1; shift; if "$@"; then printf 'HOLDS         %s\n' "$what"; else printf 'DOES NOT HOLD %s\n' "$what"; broken=1; fi; }

mkdir "$work/files" && head -c 1048576 /dev/zero >"$work/files/1m"
cat >"$work/nginx.conf" <<CONF
load_module /usr/lib/nginx/modules/ngx_http_echo_module.so;
daemon off;
worker_rlimit_nofile 20000;
pid $work/nginx.pid;
events { worker_connections 16384; }
http {
  access_log off;
  client_max_body_size 0;
  client_body_timeout 600s;
  client_body_temp_path $work/body;
  send_timeout 600s;
  server {
    listen 127.0.0.1:$((first + 1)) backlog=4096;
    root $work/files;
    location = /health { return 200; }
    location = /70 { return 200 $(printf '%070d' 0); }
    location = /post { echo_read_request_body; echo_exec /70; }
  }
}
CONF
chmod 755 "$work"
nginx -c "$work/nginx.conf" -e "$work/nginx.err" & pids+=($!)
cat >"$work/gateway.json" <<JSON
{ "pools": { "default": { "endpoints": [ { "address": "http://127.0.0.1:$((first + 1))" } ], "connections": { "max": 16384 } } } }
JSON
"$gateway" --config "$work/gateway.json" --listen-addr "127.0.0.1:$first" --admin-addr "127.0.0.1:$((first + 8))" --max-connections 16384 --request-timeout-ms 600000 --log-level warn "$@" >"$work/gateway.log" 2>&1 &
replica=$! pids+=("$replica")
within 30 curl -sf -m 2 "http://127.0.0.1:$first/ready"
within 10 curl -sf -m 2 "http://127.0.0.1:$first/70"

resident() { awk '/^VmRSS/ { print int($2 / 1024) }' "/proc/$replica/status"; } # MiB
p99() { # milliseconds, at a constant rate regardless of latency
  h2load --h1 -t 1 -n 5120 -c 64 -r 16 --rate-period=1ms --rps 8 --log-file="$work/times" "http://127.0.0.1:$first/70" >/dev/null 2>&1
  awk '$2 != 200 { bad++ } END { if (bad || !NR) exit 1 }' "$work/times" || die "not every answer to the other clients was 200"
  sort -n -k 3,3 "$work/times" | awk '{ t[NR] = $3 } END { printf "%.2f", t[int(NR * 0.99)] / 1000 }'
  rm -f "$work/times"
}
for _ in 1 2 3; do p99 >/dev/null; done
before=$(resident) alone=() beside=()
for _ in 1 2 3; do alone+=("$(p99)"); done
"$rig" slow --gateway "127.0.0.1:$first" --uploads "$each" --downloads "$each" --seconds 75 >"$work/rig.log" 2>&1 &
load=$! pids+=("$load")
within 60 grep -q '^open=' "$work/rig.log"
sleep 10
for _ in 1 2 3; do beside+=("$(p99)"); done
after=$(resident)
grew=$((after - before)) most=$((2 * each * 16 / 1024))
wait "$load" || true
sed 's/^/   /' "$work/rig.log"
echo "   p99 in ms without slow clients: ${alone[*]}; with them: ${beside[*]}"
verdict "memory grew by $grew MiB, from $before to $after, with $((2 * each)) slow clients; limit: $most MiB" [ "$grew" -le "$most" ]
verdict 'none of them was cut off' grep -q '^ended: .* cut=0$' "$work/rig.log"
exit "$broken"
