#!/usr/bin/env bash
# Measures how soon the live pages of three replicas show that a backend was killed: from the first log line of any replica about it until every page
# shows it as down in every replica's column. Real processes on loopback, a real browser; half of the kills happen under traffic, which detects a dead
# backend before the probes do. Prints milliseconds; exits with 1 if one took a second or more. Needs curl and chromium. Takes about three minutes.
# Usage: bench/page.sh [DIR] [DIR]     published: dotnet publish Gateway.Node -c Release -o DIR, and bench/Gateway.PageWatch likewise
#                                      (default artifacts/gateway, artifacts/page-watch)
set -euo pipefail
here=$(dirname "${BASH_SOURCE[0]}")/..
bin=${1:-$here/artifacts/gateway}/gateway; watch=${2:-$here/artifacts/page-watch}/page-watch
for program in "$bin" "$watch"; do [ -x "$program" ] || { echo "page: no program at $program; see the head of this script" >&2; exit 2; }; done
for tool in curl chromium; do command -v "$tool" >/dev/null || { echo "page: $tool is required" >&2; exit 2; }; done

rounds=8; base=17000; limit=1000
tmp=$(mktemp -d)
declare -A pid=()
end() { if [ -n "${pid[$1]:-}" ]; then kill "-${2:-TERM}" "${pid[$1]}" 2>/dev/null || true; wait "${pid[$1]}" 2>/dev/null || true; unset "pid[$1]"; fi; }
cleanup() { exec 3>&- || true; for name in "${!pid[@]}"; do end "$name" KILL; done; rm -rf "$tmp"; }
trap cleanup EXIT
trap 'exit 130' INT TERM

until_true() { # SECONDS COMMAND...
  local left=$((10 * $1)); shift
  until "$@"; do left=$((left - 1)); [ "$left" -gt 0 ] || { echo "page: timed out: $*" >&2; exit 3; }; sleep 0.1; done
}
backend() { "$bin" backend --listen-addr "127.0.0.1:$((base + $1))" --name "b$1" >/dev/null 2>&1 & pid[b$1]=$!; }
traffic() { while :; do curl -s -o /dev/null "http://127.0.0.1:$((base + 80 + 1 + RANDOM % 3))/[1-20]" || true; sleep 0.05; done; }
endpoints=$(for n in 1 2 3; do printf 'http://127.0.0.1:%d,' $((base + n)); done)
pages=()
for n in 1 2 3; do backend $n; done
for n in 1 2 3; do
  "$bin" --gateway-id "gateway-$n" --zone "z$n" --listen-addr "127.0.0.1:$((base + 80 + n))" --admin-addr "127.0.0.1:$((base + 90 + n))" \
    --cluster-addr "127.0.0.1:$((base + 50 + n))" --seed-nodes "127.0.0.1:$((base + 51))" --relay-endpoints "${endpoints%,}" \
    --health-check-interval-ms 1000 >"$tmp/gateway-$n.log" 2>&1 & pid[gateway-$n]=$!
  pages+=("http://127.0.0.1:$((base + 90 + n))/")
done
three() { curl -s "${pages[$1]}cluster" | grep -o '"status":"up"' | wc -l | grep -qx 3; }
for n in 0 1 2; do until_true 60 three $n; done

mkfifo "$tmp/stop"
"$watch" "$(command -v chromium)" "${pages[@]}" <"$tmp/stop" >"$tmp/words" & pid[watch]=$!
exec 3>"$tmp/stop"

# The latest text in each of the nine cells of an endpoint.
count() { awk -v e="default/http://127.0.0.1:$1" -v w="$2" '$3 == e { word[$2 " " $4] = $5 } END { for (c in word) n += word[c] == w; print n + 0 }' "$tmp/words"; }
all_say() { [ "$(count "$1" "$2")" = 9 ]; }
knows() { grep -hE "127\.0\.0\.1:$1 (verdict .* -> Unhealthy|breaker Closed -> Open)" "$tmp"/gateway-?.log | cut -d' ' -f1 | sort | awk -v since="$2" '$1 >= since' | head -1; }

echo "round  how      first detection after the kill      each page, each column after that: median  worst (ms)"
worst=0
for round in $(seq $rounds); do
  n=$((1 + round % 3)); port=$((base + n)); how=probes
  traffic & pid[traffic]=$! # a half-open breaker closes only by traffic
  for m in 1 2 3; do until_true 60 all_say $((base + m)) up; done
  if [ $((round % 2)) = 0 ]; then how=traffic; else end traffic; fi
  killed=$(date -u +%Y-%m-%dT%H:%M:%S.%3NZ)
  end "b$n" KILL
  until_true 60 all_say $port down
  end traffic
  first=$(date -d "$(knows $port "$killed")" +%s%3N)
  awk -v e="default/http://127.0.0.1:$port" -v t="$(date -d "$killed" +%s%3N)" '$3 == e && $5 == "down" && $1 >= t && !(($2 " " $4) in seen) { seen[$2 " " $4]; print $1 }' "$tmp/words" |
    sort -n >"$tmp/shown"
  median=$(($(sed -n 5p "$tmp/shown") - first)); last=$(($(tail -1 "$tmp/shown") - first))
  printf '%5d  %-8s %30d ms %43d %6d\n' "$round" "$how" $((first - $(date -d "$killed" +%s%3N))) "$median" "$last"
  [ "$last" -le "$worst" ] || worst=$last
  backend $n
done
if [ "$worst" -lt "$limit" ]; then echo "HOLDS: every page showed it as down for every replica within $worst ms (limit $limit)"; else echo "DOES NOT HOLD: $worst ms (limit $limit)"; exit 1; fi
