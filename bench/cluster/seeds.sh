#!/usr/bin/env bash
# Kills all seeds at the same moment and restarts them at once, repeatedly, and measures the time until all replicas, old and new, are in one cluster.
# With DEAD, finally kills all replicas and restarts all except the first seed: they must form a cluster without it.
# Usage: bench/cluster/seeds.sh [REPLICAS [SEEDS [TIMES [DEAD]]]]     (default 5, 2, 3, without DEAD)
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
count=${1:-5} seed_count=${2:-2} times=${3:-3} dead=${4:-}
replicas=(); for ((n = 1; n <= count; n++)); do replicas+=("g$n"); done
hosts "${replicas[@]}" b1 client
seeds=${replicas[*]:0:seed_count} flags=(--health-check-interval-ms 5000)
backend b1
for g in "${replicas[@]}"; do replica "$g" "$(relay b1)"; done
all_ready "${replicas[@]}"; joined "$count" "${replicas[@]}"

# one_cluster SIZE HOST...: each of them is up in a cluster of that size and receives messages from all. Restarted seeds do not remember the old cluster.
one_cluster() {
  local size=$1 g; shift
  for g in "$@"; do
    is "$g" gateway_cluster_members == 'state="up"' "$size" && is "$g" gateway_cluster_members == '' "$size" && is "$g" gateway_cluster_unreachable_members == '' 0 || return 1
  done
}
# sizes: prints the cluster size that each replica sees.
sizes() { local g; for g in "${replicas[@]}"; do printf '%s:%s ' "$g" "$(metric "$g" gateway_cluster_members 'state="up"')"; done; }

what="$count replicas, $seed_count seeds" most=0
read -ra seed_hosts <<<"$seeds"
for ((time = 1; time <= times; time++)); do
  for g in "${seed_hosts[@]}"; do kill -9 "${pid[$g]}"; done
  for g in "${seed_hosts[@]}"; do end "$g"; done
  started=$(now_ms)
  for g in "${seed_hosts[@]}"; do replica "$g" "$(relay b1)"; done
  if within 120 one_cluster "$count" "${replicas[@]}"; then took=$(($(now_ms) - started)); else took=999999; fi
  printf '   round %d: seeds killed and started: one cluster of %d after %d ms; sees: %s\n' "$time" "$count" "$took" "$(sizes)"
  [ "$took" -gt "$most" ] && most=$took
  [ "$took" -lt 999999 ] || break
  sleep 10
done
verdict "$what: seeds killed together and restarted: one cluster again within 60 s each time; at most $most ms" calc "$most <= 60000"

if [ -n "$dead" ]; then
  rest=("${replicas[@]:1}")
  for g in "${replicas[@]}"; do kill -9 "${pid[$g]}"; done
  for g in "${replicas[@]}"; do end "$g"; done
  started=$(now_ms)
  for g in "${rest[@]}"; do replica "$g" "$(relay b1)"; done
  if within 120 one_cluster $((count - 1)) "${rest[@]}"; then took=$(($(now_ms) - started)); else took=999999; fi
  verdict "$what: all restarted, the first seed stays dead: one cluster of $((count - 1)) after $took ms" calc "$took <= 120000"
fi
finish
