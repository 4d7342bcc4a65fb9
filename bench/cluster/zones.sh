#!/usr/bin/env bash
# Five replicas in zones a, b, c (2, 2, 1) in front of four backends (1, 2, 1): a replica of zone a must send 62.5 % to its own zone and divide the
# rest 2 to 1. When zone c loses its replica, or zone a its backend, traffic must have moved one second after membership or verdict changed.
# Usage: bench/cluster/zones.sh [REQUESTS]     (default 100000; about three minutes)
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
requests=${1:-100000}
command -v wrk >/dev/null || die 'wrk is needed'
hosts b1 b2 b3 b4 g1 g2 g3 g4 g5 client
zone=([g1]=a [g2]=a [g3]=b [g4]=b [g5]=c [b1]=a [b2]=b [b3]=b [b4]=c)
seeds='g1 g2 g3' flags=(--health-check-interval-ms 500)
backends=(b1 b2 b3 b4) replicas=(g1 g2 g3 g4 g5)
for b in "${backends[@]}"; do backend "$b"; done
for g in "${replicas[@]}"; do replica "$g" "$(relay "${backends[@]}")"; done
all_ready "${replicas[@]}"; joined 5 "${replicas[@]}"
sleep 2

declare -A got=()
sent() { metric g1 gateway_backend_requests_total "backend=\"${address[$1]}:8000\""; }
# shares UNTIL-COUNT: loads g1 until it has sent that many more, and stores each backend's share, in percent, in got.
shares() {
  local b sum=0 goal=$1; local -A first=()
  for b in "${backends[@]}"; do first[$b]=$(sent "$b"); sum=$((sum + first[$b])); done
  goal=$((sum + goal))
  start wrk client wrk -t 1 -c 32 -d 300 "http://${address[g1]}:8080/"
  within 240 is g1 gateway_backend_requests_total '>=' '' "$goal"
  end wrk INT
  sum=0
  for b in "${backends[@]}"; do got[$b]=$(($(sent "$b") - first[$b])); sum=$((sum + got[$b])); done
  for b in "${backends[@]}"; do got[$b]=$(awk -v a="${got[$b]}" -v s="$sum" 'BEGIN { printf "%.2f", 100 * a / s }'); done
  total=$sum
}
line() { printf 'a %s %%, b %s %%, c %s %%' "${got[b1]}" "$(awk "BEGIN { print ${got[b2]} + ${got[b3]} }")" "${got[b4]}"; }

say 'five replicas, four backends'
shares "$requests"
verdict "of $total picks in zone a: $(line); expected 62.5, 25, 12.5" calc "${got[b1]} > 61.5 && ${got[b1]} < 63.5 && ${got[b4]} > 11.5 && ${got[b4]} < 13.5"

# moved WHAT CHANGE TEST: checks the traffic from one second after the change was detected, by the watcher.
start load client "$rig" load --target "http://${address[g1]}:8080" --rate 500 --seconds 600
watched() {
  local b series=(gateway_healthy_backends gateway_cluster_members@'state="up"')
  for b in "${backends[@]}"; do series+=("gateway_backend_requests_total@backend=\"${address[$b]}:8000\""); done
  : >"$work/watch.log"
  start watch client "$rig" watch --replica "g1=http://${address[g1]}:9090/metrics" --series "${series[@]}" --every-ms 20
}
# since STAMP: prints the requests of each backend since that time, "b1=n b2=n ...".
since() {
  local b
  for b in "${backends[@]}"; do
    awk -v from="$1" -v key="${address[$b]}:8000" -v name="$b" '
      $3 ~ /requests_total/ && index($3, key) { if ($1 <= from) first = $4; last = $4 } END { printf "%s=%d ", name, last - first }' "$work/watch.log"
  done
}
say "zone c loses its replica: nothing goes to zone b any more, half stays"
watched; sleep 2; end g5 TERM
within 60 is g1 gateway_cluster_members == 'state="up"' 4
sleep 6; end watch TERM
change=$(awk '$3 ~ /cluster_members/ && $4 == 4 { print $1; exit }' "$work/watch.log")
moved=$(since $((change + 1000))); printf '   %s\n' "$moved"
eval "$moved"
verdict "a second after g5 had left: zone a $(awk "BEGIN { printf \"%.1f\", 100 * $b1 / ($b1 + $b2 + $b3 + $b4) }") %, zone b $((b2 + b3)) requests" calc "$b2 + $b3 == 0 && $b1 / ($b1 + $b4) > 0.45 && $b1 / ($b1 + $b4) < 0.55"

say 'zone a loses its backend: zone c gets twice what zone b gets'
watched; sleep 2; end b1
within 60 is g1 gateway_healthy_backends == '' 3
sleep 6; end watch TERM
change=$(awk '$3 ~ /healthy_backends/ && $4 == 3 { print $1; exit }' "$work/watch.log")
moved=$(since $((change + 1000))); printf '   %s\n' "$moved"
eval "$moved"
verdict "a second after b1 was out: $b1 requests to it, zone c $(awk "BEGIN { printf \"%.2f\", $b4 / ($b2 + $b3) }") times what zone b got" calc "$b1 == 0 && $b4 / ($b2 + $b3) > 1.8 && $b4 / ($b2 + $b3) < 2.2"
end load TERM
tail -n 1 "$work/load.log" | sed 's/^/   /'
finish
