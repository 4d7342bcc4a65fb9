#!/usr/bin/env bash
# Checks the gateway's guarantees with real processes over loopback: how it balances, how it handles failing backends, and that nothing
# is left in flight. Prints its observations; exits with 1 if a guarantee does not hold. Needs curl 7.84 and wrk. Takes about two minutes.
# Usage: bench/acceptance.sh [DIR]     DIR: a published gateway (dotnet publish Gateway.Node -c Release -o DIR; default artifacts/gateway)
set -euo pipefail
bin=${1:-$(dirname "${BASH_SOURCE[0]}")/../artifacts/gateway}/gateway
[ -x "$bin" ] || { echo "acceptance: no program at $bin; build one with dotnet publish Gateway.Node -c Release -o DIR" >&2; exit 2; }
for tool in curl wrk; do command -v "$tool" >/dev/null || { echo "acceptance: $tool is required" >&2; exit 2; }; done

tmp=$(mktemp -d); gw=127.0.0.1:18080; metrics=127.0.0.1:19090; ports=(18001 18002 18003)
declare -A pid=()
broken=0
end() { # NAME [SIGNAL]: stops a process of this script and waits for it
  if [ -n "${pid[$1]:-}" ]; then kill "-${2:-TERM}" "${pid[$1]}" 2>/dev/null || true; wait "${pid[$1]}" 2>/dev/null || true; unset "pid[$1]"; fi
}
cleanup() { for name in "${!pid[@]}"; do end "$name" KILL; done; rm -rf "$tmp"; }
trap cleanup EXIT
trap 'exit 130' INT TERM

say() { printf '\n== %s\n' "$*"; }
holds() { if eval "$2"; then echo "   holds: $1"; else echo "   DOES NOT HOLD: $1 ($2)"; broken=1; fi; }
until_ok() { # URL: waits until it answers 200
  for _ in $(seq 100); do curl -sf -o /dev/null "$1" && return; sleep 0.1; done
  echo "acceptance: $1 did not start" >&2; exit 3
}
backend() { # N [FLAG...]
  local n=$1; shift
  "$bin" backend --listen-addr "127.0.0.1:${ports[n - 1]}" --name "b$n" "$@" >>"$tmp/b$n.log" 2>&1 & pid[b$n]=$!
  until_ok "http://127.0.0.1:${ports[n - 1]}/-/stats"
}
gateway() { # FLAG...
  end gw KILL # it would keep serving for its drain delay
  "$bin" --gateway-id g1 --listen-addr "$gw" --metrics-enabled --metrics-addr "$metrics" --admin-addr 127.0.0.1:19110 "$@" >"$tmp/gw.log" 2>&1 & pid[gw]=$!
  until_ok "http://$gw/ready"
}
all() { local IFS=,; local e=(); for p in "${ports[@]}"; do e+=("http://127.0.0.1:$p"); done; echo "${e[*]}"; }
ask() { # COUNT [CURL FLAG...]: status and backend of each answer, in order
  local count=$1; shift
  curl -s -o /dev/null -w '%{http_code} %header{x-backend}\n' "$@" "http://$gw/[1-$count]"
}
stat() { curl -s "http://127.0.0.1:${ports[$1 - 1]}/-/stats" | grep -oE "\"$2\":[0-9]+" | head -1 | cut -d: -f2; }
become() { curl -sf -o /dev/null -X POST "http://127.0.0.1:${ports[$1 - 1]}/-/behave?mode=$2"; }
metric() { curl -s "http://$metrics/metrics" | { grep -E "$1" || true; } | awk '{ s += $NF } END { print s + 0 }'; }
quiet() { holds "nothing in flight, no permit out" '[ "$(metric "^gateway_(active_connections|active_requests|circuit_breaker_trials)[ {]")" = 0 ]'; }
transitions() { grep -E 'breaker|verdict' "$tmp/gw.log" | sed -E 's/^[^ ]+ [a-z]+: Gateway[^ ]+ /   /' | tail -"${1:-4}"; }
quick=(--health-check-interval-ms 1000)

say 'the flags of a deployment'
backend 1; backend 2; backend 3
gateway --relay-endpoints "$(all)" --health-check-interval-ms 5000 --max-connections 1000 --request-timeout-ms 30000 \
  --retry-attempts 3 --circuit-breaker-threshold 5 --load-balancing least-connections
ask 6

say '3,000 sequential requests by round robin over 3 equal backends'
gateway --relay-endpoints "$(all)"
ask 3000 | sort | uniq -c | tee "$tmp/rr"
holds '1,000 each, give or take 1' 'awk "\$1 < 999 || \$1 > 1001 { bad = 1 } END { exit bad || NR != 3 }" "$tmp/rr"'
quiet

say 'weights 5, 1, 1'
gateway --load-balancing weighted \
  --relay-endpoints "http://127.0.0.1:${ports[0]};weight=5,http://127.0.0.1:${ports[1]},http://127.0.0.1:${ports[2]}"
sequence=$(ask 14 | awk '{ printf "%s ", $2 }'); echo "   $sequence"
holds 'the smooth sequence a a b a c a a, twice' '[ "$sequence" = "b1 b1 b2 b1 b3 b1 b1 b1 b1 b2 b1 b3 b1 b1 " ]'

say 'ip-hash over 1,000 clients, before and after one of three backends is removed'
for who in 1 2 3; do e[who]="{\"address\":\"http://127.0.0.1:${ports[who - 1]}\"}"; done
hashing() { printf '{"trustedProxies":["127.0.0.0/8"],"pools":{"default":{"strategy":"ip-hash","endpoints":[%s]}}}' "$1" >"$tmp/new" && mv "$tmp/new" "$tmp/gateway.json"; }
clients() { # one request from each of 1,000 clients: prints the backend of each
  for i in $(seq 1000); do
    [ "$i" = 1 ] || echo next
    printf 'url = "http://%s/"\nheader = "X-Forwarded-For: 10.%d.%d.7"\noutput = /dev/null\nwrite-out = "%%header{x-backend}\\n"\n' "$gw" $((i / 250)) $((i % 250))
  done | curl -s -K -
}
hashing "${e[1]},${e[2]},${e[3]}"; gateway --config "$tmp/gateway.json"
clients >"$tmp/first"; clients >"$tmp/again"
holds 'each client sticks' 'cmp -s "$tmp/first" "$tmp/again"'
hashing "${e[1]},${e[2]}"
for _ in $(seq 50); do grep -q 'settings reloaded' "$tmp/gw.log" && break; sleep 0.1; done
clients >"$tmp/after"
moved=$(paste "$tmp/first" "$tmp/after" | awk '$1 != $2' | wc -l); strayed=$(paste "$tmp/first" "$tmp/after" | awk '$1 != $2 && $1 != "b3"' | wc -l)
echo "   $moved of 1000 clients moved, $strayed of them without need"
holds 'about a third moves, and only the clients of the one that went' '[ "$moved" -ge 230 ] && [ "$moved" -le 430 ] && [ "$strayed" = 0 ]'

say 'least-connections at 60 concurrent requests, b3 with ten times the latency'
for n in 1 2 3; do end "b$n"; done
backend 1 --delay-ms 10; backend 2 --delay-ms 10; backend 3 --delay-ms 100
gateway --load-balancing least-connections --relay-endpoints "$(all)"
wrk -t2 -c60 -d3s "http://$gw/" >/dev/null; for n in 1 2 3; do curl -s -o /dev/null -X POST "http://127.0.0.1:${ports[n - 1]}/-/stats/reset"; done
wrk -t2 -c60 -d6s "http://$gw/" | grep -E 'requests in|Non-2xx|Socket' || true
a=$(stat 1 requests) b=$(stat 2 requests) c=$(stat 3 requests); echo "   b1 $a, b2 $b, b3 $c"
holds 'b3 gets about a tenth of what each other gets' '[ $((c * 100 / ((a + b) / 2))) -ge 6 ] && [ $((c * 100 / ((a + b) / 2))) -le 16 ]'
quiet

say 'a backend that answers 503, one that sends garbage, one that hangs'
for n in 1 2 3; do end "b$n"; done
backend 1; backend 2; backend 3
printf '{"pools":{"default":{"endpoints":[%s],"timeouts":{"request":"00:00:02","try":"00:00:00.300"},"health":{"kind":"none"}}}}' "${e[1]},${e[2]},${e[3]}" >"$tmp/gateway.json"
for mode in failing garbage hang; do
  gateway --config "$tmp/gateway.json"; become 3 "$mode"
  ask 30 | sort | uniq -c | sed "s/^/   $mode: /"
  transitions 1
  holds "$mode trips the breaker" '[ "$(metric "^gateway_circuit_breaker_transitions_total.*:${ports[2]}\".*to=\"open\"")" = 1 ]'
  before=$(stat 3 requests); ask 30 >/dev/null
  holds "and then gets nothing" '[ "$(stat 3 requests)" = "$before" ]'
  become 3 well; quiet
done

say 'POSTs to a backend that resets: never repeated'
for n in 1 2 3; do end "b$n"; done
backend 1; backend 2; backend 3; gateway --config "$tmp/gateway.json" --circuit-breaker-threshold 1000; become 1 reset; become 2 reset; become 3 reset
ask 30 -X POST | sort | uniq -c; ask 30 -d body | sort | uniq -c; ask 10 -H 'Expect: 100-continue' -d body | sort | uniq -c
posts=$(($(stat 1 posts) + $(stat 2 posts) + $(stat 3 posts))); echo "   70 POSTs sent, the backends saw $posts"
holds 'each was seen once' '[ "$posts" = 70 ]'
quiet

say 'all backends gone'
for n in 1 2 3; do end "b$n" KILL; done
gateway --relay-endpoints "$(all)" --health-check-interval-ms 60000
curl -s -o /dev/null -w '%{http_code} %{content_type} %{time_total}\n' "http://$gw/[1-12]" >"$tmp/gone"; uniq -c -w3 "$tmp/gone"
curl -s -i "http://$gw/" | tail -8; echo
holds 'problem+json, 503 once nothing is available, all under 1 s' 'awk "\$2 != \"application/problem+json\" || \$3 >= 1 { bad = 1 } END { exit bad || \$1 != 503 }" "$tmp/gone"'
printf '{"pools":{"default":{"endpoints":[%s],"health":{"kind":"none"}}}}' "${e[1]},${e[2]},${e[3]}" >"$tmp/gateway.json"; gateway --config "$tmp/gateway.json"
curl -s -o /dev/null -w '%{http_code} %{content_type} %{time_total}\n' "http://$gw/[1-12]" >"$tmp/gone"; echo '   without probes:'; uniq -c -w3 "$tmp/gone"
holds '502 until the breakers open, 503 after, under 1 s' 'awk "\$3 >= 1 || \$2 != \"application/problem+json\" { bad = 1 } NR == 1 && \$1 != 502 { bad = 1 } END { exit bad || \$1 != 503 }" "$tmp/gone"'
quiet

say 'a hot reload under load that adds, removes and reweights'
backend 1; backend 2; backend 3
pool() { printf '{"pools":{"default":{"endpoints":[%s]}}}' "$1" >"$tmp/new" && mv "$tmp/new" "$tmp/gateway.json"; }
pool "${e[1]},${e[2]}"; gateway --config "$tmp/gateway.json"
wrk -t2 -c32 -d10s "http://$gw/" >"$tmp/wrk" & load=$!
for endpoints in "${e[1]},${e[2]},${e[3]}" "${e[2]},${e[3]}" "{\"address\":\"http://127.0.0.1:${ports[0]}\",\"weight\":3},${e[2]},${e[3]}" "${e[1]}" "${e[1]},${e[2]},${e[3]}"; do
  seen=$(grep -c 'settings reloaded' "$tmp/gw.log" || true); pool "$endpoints"
  for _ in $(seq 50); do [ "$(grep -c 'settings reloaded' "$tmp/gw.log" || true)" -gt "$seen" ] && break; sleep 0.1; done
done
wait "$load"; grep -E 'requests in|Non-2xx|Socket' "$tmp/wrk"; grep -c 'settings reloaded' "$tmp/gw.log" | sed 's/$/ reloads/'
holds '0 failed requests' '! grep -qE "Non-2xx|Socket" "$tmp/wrk"'
printf '{"pools":{"default":{"endpoints":"no"}},"extra":1}' >"$tmp/new" && mv "$tmp/new" "$tmp/gateway.json"
for _ in $(seq 50); do grep -q 'keeping the current settings' "$tmp/gw.log" && break; sleep 0.1; done
grep -E 'gateway.json|current settings' "$tmp/gw.log" | sed 's/^/   /'
holds 'a bad file changes nothing' '[ "$(ask 1 | cut -c1-3)" = 200 ]'
quiet

say 'bad flags and files'
set +e
"$bin" --listen-addr nowhere --relay-endpoints http://127.0.0.1:1,http://127.0.0.1:1,ftp://x --max-connections many --load-balancing luck --no-such-flag; rc=$?
holds 'exit code 2' "[ $rc = 2 ]"
printf '{"pools":{"default":{"endpoints":[{"address":"http://h:1"}],"retry":{"attempts":"many"},"breakers":{}}},"routes":[{"name":"r","pool":"none"}]}' >"$tmp/bad.json"
"$bin" --config "$tmp/bad.json"; rc=$?
holds 'exit code 2' "[ $rc = 2 ]"
"$bin" --config "$tmp/not-there.json"; rc=$?
holds 'exit code 2' "[ $rc = 2 ]"
set -e

echo; [ "$broken" = 0 ] && echo 'all guarantees hold' || echo 'some guarantees do not hold'
exit "$broken"
