#!/usr/bin/env bash
# A cluster of three processes on three hosts under network faults: a partitioned zone that heals, a partition with the first seed restarted inside, and
# packet loss. Checks results, not times (partition.sh measures those).
# Usage: bench/cluster/survive.sh     (about four minutes)
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
hosts b1 b2 b3 b4 g1 g2 g3 client
zone=([g1]=a [g2]=b [g3]=c [b1]=a [b2]=b [b3]=c [b4]=a)
seeds='g1 g2 g3' flags=(--health-check-interval-ms 1000)
backends=(b1 b2 b3 b4) replicas=(g1 g2 g3)
for b in "${backends[@]}"; do backend "$b"; done
for g in "${replicas[@]}"; do replica "$g" "$(relay "${backends[@]}")"; done
verdict 'three replicas become ready' all_ready "${replicas[@]}"

up() { is "$1" gateway_cluster_members == 'state="up"' "$2" && is "$1" gateway_cluster_unreachable_members == '' 0; }
one_cluster() { up g1 3 && up g2 3 && up g3 3; }
parted() { up g1 1 && up g2 2 && up g3 2; }
# answers HOST: whether it answers each of ten requests with 200.
answers() { [ "$(on client curl -s -m 30 -o /dev/null -w '%{http_code}\n' "http://${address[$1]}:8080/[1-10]" | grep -c 200)" = 10 ]; }
each_answers() { local g; for g in "${replicas[@]}"; do verdict "$1: $g answers" answers "$g"; done; }

say 'together'
verdict 'three replicas are one cluster' within 120 one_cluster
each_answers together

say 'zone a cut off'
part 'g1 b1 b4' 'g2 g3 b2 b3'
each_answers 'zone a just cut off'
verdict 'g1 continues alone, g2 and g3 continue together' within 180 parted
each_answers 'zone a given up'
heal
verdict 'healed: one cluster again' within 180 one_cluster
each_answers healed

say 'zone a cut off, the first seed killed and restarted inside'
part 'g1 b1 b4' 'g2 g3 b2 b3'
verdict 'g1 continues alone, g2 and g3 continue together' within 180 parted
end g1
replica g1 "$(relay "${backends[@]}")"
verdict 'g1 becomes ready by itself' all_ready g1
each_answers 'first seed restarted'
heal
verdict 'healed: one cluster again, not two' within 180 one_cluster

say 'a fifth of the packets between g1 and the others lost'
for g in g2 g3; do loss g1 "$g" 0.2; loss "$g" g1 0.2; done
sleep 15
each_answers 'with losses'
heal
verdict 'healed: one cluster' within 180 one_cluster
finish
