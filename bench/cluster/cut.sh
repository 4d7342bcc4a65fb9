#!/usr/bin/env bash
# One replica loses its connection to one backend silently; all others keep theirs. That replica must stop using it, the others keep their share, and
# nothing may be ejected elsewhere.
# Usage: bench/cluster/cut.sh [RATE]     (requests per second over all replicas, default 300; about a minute)
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
rate=${1:-300}
hosts b1 b2 b3 b4 g1 g2 g3 client
zone=([g1]=a [g2]=a [g3]=a)
seeds='g1 g2 g3' flags=(--health-check-interval-ms 1000)
backends=(b1 b2 b3 b4) replicas=(g1 g2 g3)
for b in "${backends[@]}"; do backend "$b"; done
for g in "${replicas[@]}"; do replica "$g" "$(relay "${backends[@]}")"; done
all_ready "${replicas[@]}"; joined 3 "${replicas[@]}"
for g in "${replicas[@]}"; do start "load-$g" client "$rig" load --stay --target "http://${address[$g]}:8080" --rate $((rate / 3)) --seconds 600; done
sleep 5

b2=backend=\"${address[b2]}:8000\"
attempts() { metric "$1" gateway_backend_requests_total "$b2"; }
# share SECONDS ARRAY: stores the share of b2 in each replica's attempts during that time.
share() {
  local -n out=$1; local seconds=$2 g; local -A first=() all=()
  for g in "${replicas[@]}"; do first[$g]=$(attempts "$g"); all[$g]=$(metric "$g" gateway_backend_requests_total); done
  sleep "$seconds"
  for g in "${replicas[@]}"; do
    out[$g]=$(awk -v a="${first[$g]}" -v b="$(attempts "$g")" -v c="${all[$g]}" -v d="$(metric "$g" gateway_backend_requests_total)" 'BEGIN { printf "%.1f", 100 * (b - a) / (d - c) }')
  done
}
declare -A before=() during=()
start watch client "$rig" watch --replica g2="http://${address[g2]}:9090/metrics" g3="http://${address[g3]}:9090/metrics" \
  --series gateway_healthy_backends --every-ms 20
share before 10
part g1 b2
within 30 is g1 gateway_healthy_backends == '' 3 || true
sleep 3
share during 15
end watch TERM
for g in "${replicas[@]}"; do printf '   %s: %s %% of its attempts to b2 before, %s %% while g1 is cut off from b2\n' "$g" "${before[$g]}" "${during[$g]}"; done
lowest=$(awk '{ if (min == "" || $4 < min) min = $4 } END { print min }' "$work/watch.log")
verdict "g1 stops using b2: ${during[g1]} %" calc "${during[g1]} == 0"
verdict "g2 and g3 keep their share: ${before[g2]} -> ${during[g2]} %, ${before[g3]} -> ${during[g3]} %" \
  calc "${during[g2]} > ${before[g2]} * 0.9 && ${during[g3]} > ${before[g3]} * 0.9"
verdict "nothing is ejected elsewhere: g2 and g3 never had fewer than $lowest backends" calc "$lowest == 4"
heal
within 30 is g1 gateway_healthy_backends == '' 4 || true
for g in "${replicas[@]}"; do end "load-$g" TERM; done
failed=$(cat "$work"/load-*.log | grep -c ' failed: ' || true)
verdict "$failed requests failed of $(cat "$work"/load-*.log | sed -n 's/^requests=\([0-9]*\).*/\1/p' | paste -sd+ | bc)" calc "$failed == 0"
finish
