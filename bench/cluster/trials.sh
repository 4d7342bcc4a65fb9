#!/usr/bin/env bash
# A backend recovers while its breakers are open on five replicas: it must receive one trial at a time. If the replica with the grant is killed
# during its trial, the next trial must come within the grant's expiry. When the breakers close, the backend must not be flooded.
# Usage: bench/cluster/trials.sh [RATE]     (requests per second over all replicas, default 400; about two minutes)
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
rate=${1:-400}
hosts b1 b2 b3 b4 g1 g2 g3 g4 g5 client
zone=([g1]=a [g2]=a [g3]=b [g4]=b [g5]=c)
seeds='g1 g2 g3' flags=(--health-check-interval-ms 1000 --request-timeout-ms 5000)
backends=(b1 b2 b3 b4) replicas=(g1 g2 g3 g4 g5)
backend b1; backend b2 --delay-ms 200; backend b3; backend b4
for g in "${replicas[@]}"; do replica "$g" "$(relay "${backends[@]}")"; done
all_ready "${replicas[@]}"; joined 5 "${replicas[@]}"
targets=(); metrics=()
for g in "${replicas[@]}"; do targets+=("http://${address[$g]}:8080"); metrics+=("$g=http://${address[$g]}:9090/metrics"); done
start load client "$rig" load --target "${targets[@]}" --rate "$rate" --seconds 600
sleep 3

b2="backend=\"${address[b2]}:8000\""
state() { metric "$1" gateway_circuit_breaker_state "$b2"; }
all_state() { local g; for g in "${replicas[@]}"; do is "$g" gateway_circuit_breaker_state "$1" "$b2" "$2" || return 1; done; }
watch() { : >"$work/watch.log"; start watch client "$rig" watch --replica "${metrics[@]}" --series "gateway_circuit_breaker_trials@$b2" "gateway_circuit_breaker_state@$b2" "gateway_backend_requests_total@$b2" --every-ms 5; }
# The maximum number of concurrent trials over all replicas.
most_trials() { awk '$3 ~ /trials/ { out[$2] = $4 + 0; sum = 0; for (r in out) sum += out[r]; if (sum > most) most = sum } END { print most + 0 }' "$work/watch.log"; }
# All five open: each had its own failures, since a breaker trips only on those.
break_all() { become b2 failing; within 60 all_state '>' 0; }

say 'it returns while five breakers are open'
break_all
watch
sleep 1; become b2 well
within 60 all_state == 0
sleep 12
end watch TERM
verdict "trials of b2 at once over five replicas: $(most_trials) at most" calc "$(most_trials) == 1"
awk -v share=$((rate / 4)) '
  $3 ~ /breaker_state/ { state[$2] = $4 + 0; open = 0; for (r in state) open += state[r] > 0; if (!open && !closed) closed = $1 }
  $3 ~ /requests_total/ { if ($2 in last && closed) { s = int(($1 - closed) / 1000); n[s] += $4 - last[$2]; if (s > end) end = s } last[$2] = $4 }
  END { printf "   attempts to b2 in each second after the last breaker closed:"; for (s = 0; s <= end; s++) printf " %d", n[s]; print ""; print n[0] + 0 }' "$work/watch.log" >"$work/after"
head -n 1 "$work/after"
verdict "no flood when it closes: $(tail -n 1 "$work/after") attempts in the first second, its share is $((rate / 4))" calc "$(tail -n 1 "$work/after") <= $rate / 4 / 2"

say 'the holder of the grant is killed in the middle of its trial'
break_all
become b2 'slow&delay-ms=60000' # Except for its probes: while they fail no replica sends trials.
watch
holder() { local g; for g in "${replicas[@]}"; do if [ -n "${pid[$g]:-}" ] && is "$g" gateway_circuit_breaker_trials '>' "$b2" 0; then found=$g; return; fi; done; return 1; }
within 60 holder
end "$found"
killed=$(now_ms) gone=$found
printf '   %s had the grant\n' "$found"
replicas=($(printf '%s\n' "${replicas[@]}" | grep -v "^$found\$"))
within 30 holder
end watch TERM
# By the watcher, which samples every 5 ms. A grant expires half a second after its trial's request timeout, and then the next request is the trial.
took=$(awk -v killed="$killed" -v gone="$gone" '$1 >= killed && $2 != gone && $3 ~ /trials/ && $4 + 0 > 0 { print $1 - killed; exit }' "$work/watch.log")
verdict "the next trial, of $found, came $took ms after the kill; the grant expires 5500 ms after it was used" calc "$took <= 5750"
become b2 well
end load TERM
finish
