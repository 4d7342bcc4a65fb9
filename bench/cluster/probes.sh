#!/usr/bin/env bash
# Counts the probes of a backend: in steady state at most 1.05 x K per zone of replicas and interval, where K is 2, or 1 in a zone of one
# replica. After a probe owner is killed, the gap between probes must not exceed failure detection plus one interval.
# Usage: bench/cluster/probes.sh [INTERVAL_MS [INTERVALS]]     (default 500, 60: four minutes)
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
interval=${1:-500} intervals=${2:-60}
hosts b1 b2 b3 b4 g1 g2 g3 g4 g5 g6 client
flags=(--health-check-interval-ms "$interval" --log-level info)

# Prefixes each line of a backend's log with the time.
stamp() { local line; while IFS= read -r line; do printf '%s %s\n' "${EPOCHREALTIME/./}" "$line"; done; }
watched() {
  local host=$1
  ip netns exec "$spaces-$host" "$gateway" backend --name "$host" --listen-addr "${address[$host]}:8000" --log > >(stamp >>"$work/$host.log") 2>&1 &
  pid[$host]=$!
  within 30 get "${address[$host]}:8000/-/stats"
}
probes() { awk -v from="$2" -v to="$3" '$1 >= from && $1 < to && /GET \/health/' "$work/$1.log" | wc -l; } # BACKEND FROM TO, in µs
# The longest time in ms between two probes of a backend that overlaps the span.
gap() {
  awk -v from="$2" -v to="$3" '/GET \/health/ { if (last && $1 >= from && last <= to && $1 - last > most) most = $1 - last; last = $1 } END { print int(most / 1000) }' "$work/$1.log"
}

for b in b1 b2 b3 b4; do watched "$b"; done

steady() { # K-SUM HOST:ZONE...
  local allowed=$1 entry host b count sum=0 from to mean; shift
  local members=()
  for entry in "$@"; do host=${entry%:*}; members+=("$host"); zone[$host]=${entry#*:}; done
  seeds=${members[*]:0:3}
  for host in "${members[@]}"; do replica "$host" "$(relay b1 b2 b3 b4)"; done
  all_ready "${members[@]}"
  joined ${#members[@]} "${members[@]}"
  sleep $((interval * 6 / 1000 + 3))
  from=${EPOCHREALTIME/./}
  sleep "$(awk -v i="$interval" -v n="$intervals" 'BEGIN { print i * n / 1000 }')"
  to=${EPOCHREALTIME/./}
  for b in b1 b2 b3 b4; do count=$(probes "$b" "$from" "$to"); sum=$((sum + count)); printf '   %s: %d probes\n' "$b" "$count"; done
  mean=$(awk -v s="$sum" -v d=$((to - from)) -v i="$interval" 'BEGIN { printf "%.3f", s / 4 / (d / 1000 / i) }')
  verdict "${#members[@]} replicas in $(printf '%s\n' "${@#*:}" | sort -u | wc -l) zones: $mean probes of a backend per interval, allowed 1.05 x $allowed" calc "$mean <= 1.05 * $allowed && $mean >= 0.8 * $allowed"
}
stop_all() { local host; for host in g1 g2 g3 g4 g5 g6; do end "$host"; done; }

say "steady state, $intervals intervals of $interval ms"
steady 1 g1:a; stop_all
steady 3 g1:a g2:b g3:c; stop_all
steady 2 g1:a g2:a g3:a; stop_all
steady 6 g1:a g2:a g3:b g4:b g5:c g6:c; stop_all
steady 2 g1:a g2:a g3:a g4:a g5:a g6:a

say 'one of six replicas of a zone is killed, one after the other'
for host in g6 g5 g4; do
  from=${EPOCHREALTIME/./}
  end "$host"
  within 60 is g1 gateway_cluster_unreachable_members '>=' '' 1
  detected=$((${EPOCHREALTIME/./} - from))
  sleep $((interval * 4 / 1000 + 5))
  most=0
  for b in b1 b2 b3 b4; do g=$(gap "$b" "$from" "${EPOCHREALTIME/./}"); ((g > most)) && most=$g; done
  verdict "$host killed: detected after $((detected / 1000)) ms, longest time without a probe $most ms" calc "$most <= $detected / 1000 + 1.1 * $interval"
done
finish
