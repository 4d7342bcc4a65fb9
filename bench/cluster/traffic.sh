#!/usr/bin/env bash
# A backend fails its traffic (503 on /) and passes its probes. Once one replica has tripped its breaker, each other replica may send it at most
# one attempt.
# Usage: bench/cluster/traffic.sh [RATE [TIMES]]     (requests per second over all replicas, default 300; repetitions, default 5; about two minutes)
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
rate=${1:-300} times=${2:-5}
hosts b1 b2 b3 b4 g1 g2 g3 client
zone=([g1]=a [g2]=b [g3]=c)
seeds='g1 g2 g3' flags=(--health-check-interval-ms 1000)
backends=(b1 b2 b3 b4) replicas=(g1 g2 g3)
for b in "${backends[@]}"; do backend "$b"; done
for g in "${replicas[@]}"; do replica "$g" "$(relay "${backends[@]}")"; done
all_ready "${replicas[@]}"; joined 3 "${replicas[@]}"
targets=(); metrics=()
for g in "${replicas[@]}"; do targets+=("http://${address[$g]}:8080"); metrics+=("$g=http://${address[$g]}:9090/metrics"); done
start load client "$rig" load --target "${targets[@]}" --rate "$rate" --seconds 600
sleep 3

b2="backend=\"${address[b2]}:8000\""
closed() { local g; for g in "${replicas[@]}"; do is "$g" gateway_circuit_breaker_state == "$b2" 0 && is "$g" gateway_healthy_backends == '' 4 || return 1; done; }
for ((time = 1; time <= times; time++)); do
  within 90 closed
  sleep 11 # Until slow start has ended on all replicas.
  : >"$work/watch.log"
  start watch client "$rig" watch --replica "${metrics[@]}" --series "gateway_backend_requests_total@$b2" "gateway_circuit_breaker_state@$b2" --every-ms 5
  sleep 1
  become b2 failing
  sleep 4
  end watch TERM
  become b2 well
  awk -v slack=5 '
    { replica = $2; value = $4 + 0 }
    $3 ~ /breaker_state/ && value == 1 && !trip { trip = $1; first = replica }
    $3 ~ /requests_total/ {
      if (!trip || $1 <= trip + slack) before[replica] = value
      last[replica] = value }
    END {
      for (r in last) if (r != first) { n = last[r] - before[r]; line = line " " r "=" n; if (n > most) most = n }
      printf "   first trip: %s; attempts of the others after it:%s\n%d\n", first, line, trip ? most : 99 }' "$work/watch.log" >"$work/after"
  head -n 1 "$work/after"
  verdict "round $time: $(tail -n 1 "$work/after") attempts at most by each other replica after the first trip" calc "$(tail -n 1 "$work/after") <= 1"
done
end load TERM
tail -n 1 "$work/load.log" | sed 's/^/   /'
verdict 'no request failed' grep -q ' failed=0 ' "$work/load.log"
finish
