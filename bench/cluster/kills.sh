#!/usr/bin/env bash
# Kills a backend repeatedly under load: as a process (its host refuses connections) or with its host (packets are lost). Measures the time from the
# first tripped breaker until no replica picks it any more (median and maximum), attempts begun more than 100 ms after the first
# trip, and failed requests.
# Usage: bench/cluster/kills.sh process|host [TIMES [REPLICAS [RATE]]]     (default 20 times, 3 replicas, 300 requests per second over all replicas; twenty seconds per kill)
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
how=${1:-process} times=${2:-20} count=${3:-3} rate=${4:-300}
[[ $how == process || $how == host ]] || die "$how: must be process or host"
hosts b1 b2 b3 b4 g1 g2 g3 g4 g5 g6 client
zones=(a b c)
replicas=(); backends=(b1 b2 b3 b4) targets=() metrics=()
for ((n = 1; n <= count; n++)); do replicas+=("g$n"); zone[g$n]=${zones[(n - 1) % 3]}; done
seeds=${replicas[*]:0:3} flags=(--health-check-interval-ms 1000)
for b in "${backends[@]}"; do backend "$b"; done
for g in "${replicas[@]}"; do
  replica "$g" "$(relay "${backends[@]}")"
  targets+=("http://${address[$g]}:8080"); metrics+=("$g=http://${address[$g]}:9090/metrics")
done
all_ready "${replicas[@]}"; joined "$count" "${replicas[@]}"
start load client "$rig" load --target "${targets[@]}" --rate "$rate" --seconds 3600
sleep 5 # so that the code of every path is compiled

victim=b2 of="${address[b2]}:8000" label="backend=\"${address[b2]}:8000\""
well() { local g; for g in "${replicas[@]}"; do is "$g" gateway_circuit_breaker_state == "$label" 0 && is "$g" gateway_healthy_backends == '' 4 || return 1; done; }
# Log lines of a replica about the victim since a time, with timestamps.
about() { stamped "$work/$1.log" | awk -v from="$2" -v of="$of" '$1 >= from && index($0, of)'; }
# A trip is a replica's own detection: its breaker opens, or its probes fail.
tripped_since() { local g; for g in "${replicas[@]}"; do about "$g" "$1" | grep -qE ' breaker .* -> Open| -> ejected \(own-' && return; done; return 1; }

: >"$work/times"; late=0 early=0
for ((time = 1; time <= times; time++)); do
  within 60 well
  sleep 11 # Until slow start has ended on all replicas.
  : >"$work/watch.log"
  start watch client "$rig" watch --replica "${metrics[@]}" --series "gateway_backend_requests_total@$label" --every-ms 10
  sleep 0.5
  killed=$(now_ms)
  if [ "$how" = host ]; then isolate "$victim"; fi
  end "$victim"
  within 30 tripped_since "$killed"
  sleep 3
  end watch TERM
  if [ "$how" = host ]; then heal "$victim"; fi
  backend "$victim"
  for g in "${replicas[@]}"; do about "$g" "$killed" | sed "s/^/$g /"; done >"$work/about"
  # When each replica stopped picking it, in ms after the first trip.
  awk -v replicas="${replicas[*]}" '
    / breaker .* -> Open| -> ejected \(own-/ && (!trip || $2 < trip) { trip = $2 }
    / breaker .* -> Open| -> (suspect|ejected) / && !($1 in gone) { gone[$1] = $2 }
    END {
      n = split(replicas, name, " "); last = trip
      for (i = 1; i <= n; i++) { if (!(name[i] in gone)) { last = "never"; break } if (gone[name[i]] > last) last = gone[name[i]] }
      print trip, last == "never" ? 99999 : last - trip }' "$work/about" >"$work/gone"
  read -r trip took <"$work/gone"
  echo "$took" >>"$work/times"
  read -r before after < <(awk -v trip="$trip" -v killed="$killed" '
    { if ($2 in last && $1 > killed) { if ($1 > trip + 100) after += $4 - last[$2]; else if ($1 > trip) before += $4 - last[$2] } last[$2] = $4 }
    END { print before + 0, after + 0 }' "$work/watch.log")
  early=$((early + before)) late=$((late + after))
  printf '   kill %2d: first trip %5d ms after the kill, the last replica %5d ms after that; attempts within 100 ms of the trip %d, later %d\n' \
    "$time" $((trip - killed)) "$took" "$before" "$after"
done
end load TERM
read -r median most < <(sort -n "$work/times" | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)], v[NR] }')
what="$count replicas, $times kills by $how"
verdict "$what: from the first trip to the last replica: median $median ms, at most $most ms" calc "$median < 50 && $most < 1000"
verdict "$what: attempts that began more than 100 ms after the first trip: $late ($early earlier ones)" calc "$late == 0"
sed 's/^/   /' "$work/load.log" | tail -n 6
verdict "$what: $(tail -n 1 "$work/load.log" | cut -d' ' -f1-2)" grep -q ' failed=0 ' "$work/load.log"
finish
