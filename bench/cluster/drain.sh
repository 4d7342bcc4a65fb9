#!/usr/bin/env bash
# Drains a backend under load, by a command at another replica than the loaded one: no request may fail, the backend's own count of open requests
# must reach zero, and the command must report it and exit. Then undrains it. Runs `gateway demo` on loopback; needs wrk or h2load, curl, no root, and
#   dotnet publish Gateway.Node -c Release -o artifacts/gateway && dotnet publish Gateway.Cli -c Release -o artifacts/pbm
# GATEWAY and PBM name other programs. Stops every process that it starts, by process id.
# Usage: bench/cluster/drain.sh [SECONDS]     (of load, default 15)
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
gateway=${GATEWAY:-$here/../../artifacts/gateway/gateway} pbm=${PBM:-$here/../../artifacts/pbm/pbm} seconds=${1:-15}
die() { printf 'drain.sh: %s\n' "$*" >&2; exit 2; }
for program in "$gateway" "$pbm"; do [ -x "$program" ] || die "no program at $program; see the head of this file"; done
command -v curl >/dev/null || die 'curl is required'
tool=$(command -v wrk || command -v h2load) || die 'wrk or h2load is required'
[[ $seconds =~ ^[0-9]+$ ]] && ((seconds >= 8 && seconds <= 600)) || die "'$seconds' seconds: must be 8 to 600"

work=$(mktemp -d) broken=0 demo='' load=''
cleanup() { for id in $load $demo; do kill "$id" 2>/dev/null || true; done; wait 2>/dev/null || true; rm -rf "$work"; }
trap cleanup EXIT
offset=$((12000 + RANDOM % 20000))
loaded=127.0.0.1:$((8080 + offset)) asked=127.0.0.1:$((9111 + offset)) backend=127.0.0.1:$((8001 + offset))
verdict() { local what=$1; shift; if "$@"; then printf 'HOLDS         %s\n' "$what"; else printf 'DOES NOT HOLD %s\n' "$what"; broken=1; fi; }
stat() { curl -sf -m 5 "http://$backend/-/stats" | grep -oE "\"$1\": *[0-9]+" | grep -oE '[0-9]+$' | head -n 1; }
show() { printf '\n$ pbm %s\n' "$*"; "$pbm" "$@"; }

"$gateway" demo --port-offset "$offset" >"$work/demo.log" 2>&1 &
demo=$!
for _ in $(seq 600); do
  ! grep -q 'Ctrl-C stops' "$work/demo.log" || break
  kill -0 "$demo" 2>/dev/null || { cat "$work/demo.log" >&2; exit 2; }
  sleep 0.1
done

# Every answer takes 0.2 s, so that there are requests to wait for.
url="http://$loaded/?delay-ms=200"
printf 'load on gateway-1 (%s), drain requested at gateway-2\n' "$(basename "$tool")"
if [[ $tool == */wrk ]]; then "$tool" -t 1 -c 64 -d "${seconds}s" --timeout 10s "$url" >"$work/load.log" 2>&1 &
else "$tool" --h1 -c 64 -D "$seconds" "$url" >"$work/load.log" 2>&1 & fi
load=$!
sleep 3
before=$(stat open)
verdict "the backend has requests open under load ($before)" [ "$before" -gt 0 ]

code=0
show "$asked" gateway drain "$backend" | tee "$work/drain.log" || code=$?
open=$(stat open) count=$(stat requests)
echo
verdict "the command reports that the backend is drained, and exits (exit code $code)" grep -q "is drained$" "$work/drain.log"
verdict "then the backend itself counts $open open requests" [ "$open" = 0 ]
sleep 2
kill -0 "$load" 2>/dev/null || die 'the load ended too early; run it for more seconds'
later=$(stat requests)
verdict "and it gets no more requests while the load continues ($((later - count)) requests in 2 s)" [ "$later" = "$count" ]

show "$asked" gateway undrain "$backend"
sleep 1
verdict "after undrain it is used again ($(($(stat requests) - later)) requests in 1 s)" [ "$(stat requests)" -gt "$later" ]
wait "$load" || true
load=''
echo
if [[ $tool == */wrk ]]; then
  sent=$(grep -oE '[0-9]+ requests in' "$work/load.log" | cut -d' ' -f1)
  failed=$(awk '/Non-2xx/ { n += $NF } /Socket errors/ { gsub(",", ""); n += $4 + $6 + $8 + $10 } END { print n + 0 }' "$work/load.log")
else
  sent=$(grep -oE '[0-9]+ total' "$work/load.log" | head -n 1 | cut -d' ' -f1)
  failed=$(grep -oE '[0-9]+ (failed|errored|timeout)|[0-9]+ [345]xx' "$work/load.log" | awk '{ n += $1 } END { print n + 0 }')
fi
verdict "$sent requests, $failed failed" [ "$sent" -gt 0 -a "$failed" = 0 ]
exit "$broken"
