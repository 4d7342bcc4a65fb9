#!/usr/bin/env bash
# Measures the CPU cost of the access log per request, alternating with a replica without one. Then its target stalls for 10 s: a pipe, and (as root, if a file system can
# be mounted) a disk. Clients must not notice it: lines are dropped and counted, and memory is bounded. Proxy on one core, load and backend on the other. Processes on loopback; needs nginx, wrk, curl, and
#   dotnet publish Gateway.Node -c Release -o artifacts/gateway
# GATEWAY names another program, BEFORE a version without access log for comparison. Stops every process that it starts, by process id.
# Usage: bench/access-log.sh [ROUNDS]     (default 6, of 3 s each)
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
gateway=${GATEWAY:-$here/../artifacts/gateway/gateway} rounds=${1:-6} first=${FIRST_PORT:-$((12000 + RANDOM % 20000))}
die() { printf 'access-log.sh: %s\n' "$*" >&2; exit 2; }
[ -x "$gateway" ] || die "no program at $gateway; see the head of this file"
for tool in nginx wrk curl taskset; do command -v $tool >/dev/null || die "$tool is required"; done
work=$(mktemp -d) broken=0 pids=()
cleanup() { for id in ${pids[@]+"${pids[@]}"}; do kill -CONT "$id" 2>/dev/null || true; kill "$id" 2>/dev/null || true; done; wait 2>/dev/null || true; rm -rf "$work"; }
trap cleanup EXIT
trap 'exit 130' INT TERM
within() { local until=$((SECONDS + $1)); shift; until "$@" >/dev/null 2>&1; do [ "$SECONDS" -lt "$until" ] || die "timed out: $*"; sleep 0.2; done; }
verdict() { local what=$1; shift; if "$@"; then printf 'HOLDS         %s\n' "$what"; else printf 'DOES NOT HOLD %s\n' "$what"; broken=1; fi; }

cat >"$work/nginx.conf" <<CONF
daemon off; master_process off; pid $work/nginx.pid;
events { worker_connections 1024; }
http { access_log off; keepalive_requests 1000000000; server { listen 127.0.0.1:$first; location / { return 200 "$(printf '%070d' 0)"; } } }
CONF
taskset -c 1 nginx -c "$work/nginx.conf" -e "$work/nginx.err" & pids+=($!)

names=() replicas=()
replica() { # name, program, core or cores, flags...
  local port=$((first + 1 + ${#names[@]})) name=$1 program=$2 cores=$3
  taskset -c "$cores" "$program" --listen-addr "127.0.0.1:$port" --admin-addr "127.0.0.1:$((port + 10))" --metrics-enabled --metrics-addr "127.0.0.1:$((port + 20))" \
    --relay-endpoints "http://127.0.0.1:$first" --log-level error "${@:4}" & pids+=($!)
  names+=("$name") replicas+=($!)
  within 30 curl -sf -m 2 "http://127.0.0.1:$port/ready"
}
load() { taskset -c 1 wrk -t1 -c64 "-d${2}s" --latency "http://127.0.0.1:$((first + 1 + $1))/"; }
cpu() { awk '{ print $14 + $15 }' "/proc/${replicas[$1]}/stat"; }
resident() { awk '/^VmRSS/ { print int($2 / 1024) }' "/proc/${replicas[$1]}/status"; } # MiB
metric() { curl -sf "http://127.0.0.1:$((first + 21 + $1))/metrics" | awk -v name="$2" 'index($1, name) == 1 { sum += $2 } END { printf "%.0f", sum }'; }

replica off "$gateway" 0 2>/dev/null
replica on "$gateway" 0 --access-log "$work/access.log" 2>/dev/null
[ -z "${BEFORE:-}" ] || replica before "$BEFORE" 0 2>/dev/null
for i in "${!names[@]}"; do load "$i" 10 >/dev/null; done
for ((round = 1; round <= rounds; round++)); do
  line="round $round, µs of CPU per request:"
  for i in "${!names[@]}"; do
    before=$(cpu "$i") requests=$(load "$i" 3 | awk '/requests in/ { print $1 }')
    line+=$(awk -v name="${names[$i]}" -v ticks=$(($(cpu "$i") - before)) -v requests="$requests" 'BEGIN { printf " %s %.2f", name, ticks * 10000 / requests }')
  done
  echo "$line"
done

mkfifo "$work/out"
cat <"$work/out" >/dev/null & reader=$! pids+=($!)
replica stalled "$gateway" 0,1 --access-log - >"$work/out" 2>/dev/null
stalled=$((${#names[@]} - 1))
load $stalled 8 >/dev/null
seen() { awk '/99%/ { p99 = $2 } /Latency  / { max = $4 } /requests in/ { n = $1 } /Non-2xx|Socket errors/ { bad = $0 } END { printf "%d requests/s, p99 %s, at most %s%s", n / 10, p99, max, bad }'; }
allocated=$(metric $stalled dotnet_gc_allocated_bytes_total) before=$(metric $stalled gateway_request_total)
echo "10 s with a target that accepts everything: $(load $stalled 10 | seen), $(resident $stalled) MiB"
awk -v bytes=$(($(metric $stalled dotnet_gc_allocated_bytes_total) - allocated)) -v n=$(($(metric $stalled gateway_request_total) - before)) 'BEGIN { printf "allocated by the whole process: %.1f B a request\n", bytes / n }'
kill -STOP $reader
echo "10 s with a target that accepts nothing: $(load $stalled 10 | tee "$work/stall" | seen), $(resident $stalled) MiB"
kill -CONT $reader
verdict "no request failed while the target stalled" eval '! grep -qE "Non-2xx|Socket errors" "$work/stall"'
all() { [ $(($(metric $stalled gateway_access_log_lines_total) + $(metric $stalled gateway_access_log_dropped_total))) = "$(metric $stalled gateway_request_total)" ]; }
within 10 all || true
verdict "each request is a line that was written or one that was dropped and counted: $(metric $stalled gateway_request_total) are $(metric $stalled gateway_access_log_lines_total) and $(metric $stalled gateway_access_log_dropped_total)" all

# A stalled disk is a separate, frozen file system: a write to it waits until it is thawed, which this script does in every case.
disk=$work/disk
mkdir "$disk" && truncate -s 1G "$work/image" && mkfs.ext4 -q "$work/image" && mount -o loop "$work/image" "$disk" 2>/dev/null || { echo 'skipped: a disk that stalls; no file system can be mounted here'; exit $broken; }
cleanup_disk() { fsfreeze -u "$disk" 2>/dev/null || true; cleanup_processes; umount "$disk" 2>/dev/null || true; rm -rf "$work"; }
cleanup_processes() { for id in "${pids[@]}"; do kill "$id" 2>/dev/null || true; done; wait 2>/dev/null || true; }
trap cleanup_disk EXIT
replica frozen "$gateway" 0,1 --access-log "$disk/access.log" 2>/dev/null
frozen=$((${#names[@]} - 1))
load $frozen 8 >/dev/null
echo "10 s with a disk that accepts everything: $(load $frozen 10 | seen), $(resident $frozen) MiB"
(sleep 10; fsfreeze -u "$disk") & thaw=$!
fsfreeze -f "$disk"
echo "10 s with a disk that stalls: $(load $frozen 10 | tee "$work/freeze" | seen), $(resident $frozen) MiB"
wait $thaw || true
verdict "no request failed while the disk stalled" eval '! grep -qE "Non-2xx|Socket errors" "$work/freeze"'
every() { [ $(($(metric $frozen gateway_access_log_lines_total) + $(metric $frozen gateway_access_log_dropped_total))) = "$(metric $frozen gateway_request_total)" ]; }
within 20 every || true
verdict "each request is a line that was written or one that was dropped and counted: $(metric $frozen gateway_request_total) are $(metric $frozen gateway_access_log_lines_total) and $(metric $frozen gateway_access_log_dropped_total)" every
exit $broken
