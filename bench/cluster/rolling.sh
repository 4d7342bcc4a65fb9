#!/usr/bin/env bash
# Restarts three replicas one after the other under load, with a client that tries the next replica when one refuses the connection: no
# request may fail. Then restarts one replica while a backend is down: it may send that backend only probes in its first five seconds.
# Usage: bench/cluster/rolling.sh [RATE]     (requests per second over all replicas, default 300; about two minutes)
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
rate=${1:-300}
hosts b1 b2 b3 b4 g1 g2 g3 client
zone=([g1]=a [g2]=b [g3]=c [b1]=a [b2]=b [b3]=c [b4]=a)
seeds='g1 g2 g3' flags=(--health-check-interval-ms 1000)
backends=(b1 b2 b3 b4) replicas=(g1 g2 g3)
for b in "${backends[@]}"; do backend "$b"; done
for g in "${replicas[@]}"; do replica "$g" "$(relay "${backends[@]}")"; done
all_ready "${replicas[@]}"; joined 3 "${replicas[@]}"

load() { local name=$1 seconds=$2; shift 2; start "$name" client "$rig" load --rate "$rate" --seconds "$seconds" "$@"; } # NAME SECONDS FLAG...

say 'rolling restart'
load roll 600 --target "http://${address[g1]}:8080" "http://${address[g2]}:8080" "http://${address[g3]}:8080"
sleep 3
for g in "${replicas[@]}"; do
  begin=$(now_ms)
  end "$g" TERM
  printf '   %s left after %d ms with exit code %d' "$g" $(($(now_ms) - begin)) "$ended"
  begin=$(now_ms)
  replica "$g" "$(relay "${backends[@]}")"
  all_ready "$g"
  printf ', ready again after %d ms\n' $(($(now_ms) - begin))
  sleep 2
done
end roll TERM
sed 's/^/   /' "$work/roll.log" | tail -n 15
verdict "rolling restart of three replicas: $(tail -n 1 "$work/roll.log" | cut -d' ' -f1-3)" grep -q ' failed=0 ' "$work/roll.log"

say 'a replica is restarted while b2 answers 503 to everything'
joined 3 "${replicas[@]}"
load others 600 --target "http://${address[g1]}:8080" "http://${address[g2]}:8080"
become b2 sick
for g in "${replicas[@]}"; do within 30 is "$g" gateway_healthy_backends == '' 3; done
end g3 TERM
before=$(stat b2 requests)
begin=$(now_ms)
replica g3 "$(relay "${backends[@]}")"
all_ready g3
printf '   ready after %d ms\n' $(($(now_ms) - begin))
# Clients come now, as from a load balancer that checks /ready.
load warm 5 --stay --target "http://${address[g3]}:8080"
wait "${pid[warm]}" || true
after=$(stat b2 requests)
served=$(metric g3 gateway_request_total)
verdict "warm restart: g3 answered $served requests in its first 5 s and sent the failing backend $((after - before))" calc "$served > 0 && $after == $before"
end others TERM
sed 's/^/   /' "$work/warm.log" | tail -n 8
finish
