#!/usr/bin/env bash
# Partitions zone a silently from the zones b and c, and heals the partition; then again, with the first seed killed and restarted inside the
# partition. All replicas must keep serving, no client connection may be dropped, no healthy reachable endpoint may be ejected, and within
# 30 s of healing there must be one cluster again, with the same view on all replicas.
# Usage: bench/cluster/partition.sh [SECONDS]     (duration of a partition, default 40; about four minutes)
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
lasts=${1:-40}
hosts b1 b2 b3 b4 g1 g2 g3 client
zone=([g1]=a [g2]=b [g3]=c [b1]=a [b2]=b [b3]=c [b4]=a)
seeds='g1 g2 g3' flags=(--health-check-interval-ms 1000)
backends=(b1 b2 b3 b4) replicas=(g1 g2 g3)
for b in "${backends[@]}"; do backend "$b"; done
for g in "${replicas[@]}"; do replica "$g" "$(relay "${backends[@]}")"; done
all_ready "${replicas[@]}"; joined 3 "${replicas[@]}"

loads() { local g; for g in "${replicas[@]}"; do start "load-$g" client "$rig" load --stay --target "http://${address[$g]}:8080" --rate 60 --seconds 600; done; }
# The backends that each replica can reach when zone a is cut off.
declare -A near=([g1]='b1 b4' [g2]='b2 b3' [g3]='b2 b3')
watch() {
  local g b series=(gateway_cluster_members@'state="up"' gateway_cluster_unreachable_members)
  for b in "${backends[@]}"; do series+=("gateway_circuit_breaker_state@backend=\"${address[$b]}:8000\""); done
  for g in "${replicas[@]}"; do metrics+=("$g=http://${address[$g]}:9090/metrics"); done
  start watch client "$rig" watch --replica "${metrics[@]}" --series "${series[@]}" --every-ms 50
}
# Whether a replica's breaker of a reachable backend was ever not closed.
ejected() {
  local g b
  for g in "${replicas[@]}"; do
    for b in ${near[$g]}; do
      awk -v g="$g" -v b="${address[$b]}:8000" '$2 == g && index($3, "circuit_breaker_state") && index($3, b) && $4 + 0 > 0 { bad = 1; print "   " $0 } END { exit bad }' "$work/watch.log" || return 1
    done
  done
}
one_cluster() { local g; for g in "${replicas[@]}"; do is "$g" gateway_cluster_members == 'state="up"' 3 && is "$g" gateway_cluster_unreachable_members == '' 0 || return 1; done; }

round() { # WHAT BETWEEN: runs BETWEEN in the middle of the partition
  local what=$1 between=$2 begin g metrics=()
  say "$what"
  : >"$work/watch.log"; for g in "${replicas[@]}"; do rm -f "$work/load-$g.log"; done
  loads; watch
  sleep 5
  part 'g1 b1 b4' 'g2 g3 b2 b3'
  sleep $((lasts / 2)); "$between"; sleep $((lasts / 2))
  heal
  begin=$(now_ms)
  within 60 one_cluster && took=$(($(now_ms) - begin)) || took=60000
  sleep 10
  verdict "$what: one cluster of three, with the same view on all, $took ms after healing, and still 10 s later" calc "$took <= 30000 && $(one_cluster && echo 1 || echo 0)"
  end watch TERM
  awk '$3 ~ /cluster/ { print "   " $2, $3, $4, "at", $1 % 1000000 }' "$work/watch.log" | tail -n 40
  verdict "$what: no breaker of a healthy backend within reach opened" ejected
  for g in "${replicas[@]}"; do end "load-$g" TERM; tail -n 1 "$work/load-$g.log" | sed "s/^/   $g: /"; done
}
nothing() { :; }
round 'zone a cut off' nothing
for g in "${replicas[@]}"; do
  verdict "zone a cut off: $g answered every request on the connections it had" grep -qE ' failed=0 ' "$work/load-$g.log"
done
restart_seed() { end g1; replica g1 "$(relay "${backends[@]}")"; all_ready g1; }
round 'zone a cut off, the first seed killed and restarted inside' restart_seed
for g in g2 g3; do
  verdict "first seed restarted: $g answered every request" grep -qE ' failed=0 ' "$work/load-$g.log"
done
finish
