#!/usr/bin/env bash
# Shows the effect on clients when a backend is killed and comes back under load. Starts three sample backends and one gateway, kills one
# backend with SIGKILL in the middle, restarts it later, and prints the counts of the load generator, the requests of each backend in
# each second, the gateway's log about that backend, and the attempts still open at the end (must be 0).
# Exit code: 0 if no request failed and nothing stayed open, 1 otherwise, 2 for an invalid option.
set -euo pipefail

usage() {
  cat <<'TEXT'
usage: bench/chaos.sh [options]
  --gateway PATH          gateway.dll or a published gateway   (Gateway.Node/bin/Release/net10.0/gateway.dll)
  --gateway-flag FLAG     another flag for the gateway, as one word: --gateway-flag=--retry-attempts=1; can be repeated
  --target URL            use this gateway instead of starting one; requires --ports of the backends
  --ports A,B,C           ports of the backends                (free ones)
  --load-balancing NAME   strategy of the gateway              (round-robin)
  --probe-ms N            health check interval                (1000)
  --connections N         connections of the load generator    (32)
  --seconds N             duration of the load, 6 to 600       (20)
  --kill-at S             seconds after the start              (a third of --seconds)
  --return-at S           seconds after the start              (two thirds of --seconds)
  --path PATH             path to request                      (/)
  --tool wrk|h2load       load generator                       (wrk if installed; see below)

With a duration, h2load (1.52.0) does not count requests of a connection that breaks, nor reconnects: the slices show it, its
errors do not. wrk counts both and reconnects, so only wrk can show that no client was affected.
TEXT
}

bad() { echo "chaos.sh: $1" >&2; exit 2; }

gateway=$(dirname "$0")/../Gateway.Node/bin/Release/net10.0/gateway.dll
gateway_flags=() target='' ports='0,0,0' strategy=round-robin probe_ms=1000 connections=32 seconds=20 kill_at='' return_at='' path=/ tool=''
while (($#)); do
  case $1 in
    -h | --help) usage; exit 0 ;;
    --*=*) option=${1%%=*} value=${1#*=}; shift ;;
    --*) option=$1 value=${2-}; (($# > 1)) || bad "$1 requires a value"; shift 2 ;;
    *) bad "unknown option $1; see --help" ;;
  esac
  case $option in
    --gateway) gateway=$value ;;
    --gateway-flag) gateway_flags+=("$value") ;;
    --target) target=${value%/} ;;
    --ports) ports=$value ;;
    --load-balancing) strategy=$value ;;
    --probe-ms) probe_ms=$value ;;
    --connections) connections=$value ;;
    --seconds) seconds=$value ;;
    --kill-at) kill_at=$value ;;
    --return-at) return_at=$value ;;
    --path) path=$value ;;
    --tool) tool=$value ;;
    *) bad "unknown option $option; see --help" ;;
  esac
done

kill_at=${kill_at:-$((seconds / 3))} return_at=${return_at:-$((seconds * 2 / 3))}
[[ $seconds =~ ^[0-9]+$ ]] && ((seconds >= 6 && seconds <= 600)) || bad "--seconds $seconds: must be 6 to 600"
[[ $connections =~ ^[1-9][0-9]*$ ]] || bad "--connections $connections: must be a whole number of at least 1"
[[ $kill_at =~ ^[0-9]+$ && $return_at =~ ^[0-9]+$ ]] && ((kill_at > 0 && kill_at < return_at && return_at < seconds)) ||
  bad "--kill-at $kill_at --return-at $return_at: must satisfy 0 < kill < return < $seconds"
[[ $ports =~ ^[0-9]+,[0-9]+,[0-9]+$ ]] || bad "--ports $ports: must be three ports separated by commas"
[[ -f $gateway ]] || bad "--gateway $gateway: no such file; build it first (dotnet build -c Release)"
if [[ -z $tool ]]; then tool=$(command -v wrk >/dev/null && echo wrk || echo h2load); fi
[[ $tool == h2load || $tool == wrk ]] || bad "--tool $tool: must be wrk or h2load"
for need in "$tool" curl awk; do command -v "$need" >/dev/null || bad "$need is required"; done

run=("$gateway")
if [[ $gateway == *.dll ]]; then run=(dotnet "$gateway"); fi
work=$(mktemp -d)
declare -A pid_of=()
port=()

# Stops the processes that this script started, by process id, and no others.
finish() {
  local code=$? name
  trap - EXIT
  for name in "${!pid_of[@]}"; do kill "${pid_of[$name]}" 2>/dev/null || true; done
  for _ in {1..50}; do
    jobs -pr | grep -q . || break
    sleep 0.1
  done
  for name in "${!pid_of[@]}"; do kill -9 "${pid_of[$name]}" 2>/dev/null || true; done
  wait 2>/dev/null || true
  if ((code == 3)); then tail -n 20 "$work"/*.log >&2 || true; fi
  rm -rf "$work"
  exit "$code"
}
trap finish EXIT
trap 'exit 130' INT TERM

fail() { echo "chaos.sh: $1" >&2; exit 3; }

# Waits until a command succeeds; the first argument is the limit in tenths of a second.
within() {
  local tenths=$1 i
  shift
  for ((i = 0; i < tenths; i++)); do
    if "$@"; then return 0; fi
    sleep 0.1
  done
  return 1
}

# A free port below the ephemeral range.
free_port() {
  local candidate
  while true; do
    candidate=$((20000 + RANDOM % 10000))
    if ! (exec 3<>"/dev/tcp/127.0.0.1/$candidate") 2>/dev/null; then echo "$candidate"; return; fi
  done
}

start_backend() { # number
  "${run[@]}" backend --name "b$1" --listen-addr "127.0.0.1:${port[$1]}" >>"$work/b$1.log" 2>&1 &
  pid_of[b$1]=$!
}

answers() { curl -sf -o "$work/answer" -m 2 "$1"; }
count_of() { curl -sf -m 1 "http://127.0.0.1:${port[$1]}/-/stats" | sed -n 's/^{"requests":\([0-9]*\).*/\1/p' || true; }
gauges() { curl -sf -m 2 "http://127.0.0.1:$metrics_port/metrics" | grep -E "^$1[{ ]" || true; }
nothing_active() { [[ $(gauges gateway_active_connections | awk '{ s += $NF } END { print s + 0 }') == 0 ]]; }

IFS=, read -r p1 p2 p3 <<<"$ports"
given=(0 "$p1" "$p2" "$p3")
for b in 1 2 3; do
  port[b]=${given[b]}
  if ((port[b] == 0)); then port[b]=$(free_port); fi
  start_backend "$b"
done
for b in 1 2 3; do within 100 answers "http://127.0.0.1:${port[$b]}/health" || fail "backend b$b did not start"; done

if [[ -z $target ]]; then
  listen_port=$(free_port) metrics_port=$(free_port) admin_port=$(free_port)
  target=http://127.0.0.1:$listen_port
  "${run[@]}" --listen-addr "127.0.0.1:$listen_port" --load-balancing "$strategy" --health-check-interval-ms "$probe_ms" \
    --relay-endpoints "http://127.0.0.1:${port[1]},http://127.0.0.1:${port[2]},http://127.0.0.1:${port[3]}" \
    --metrics-enabled --metrics-addr "127.0.0.1:$metrics_port" --admin-addr "127.0.0.1:$admin_port" \
    ${gateway_flags[@]+"${gateway_flags[@]}"} >"$work/gateway.log" 2>&1 &
  pid_of[gateway]=$!
  within 300 answers "$target/ready" || fail "the gateway did not become ready"
fi
within 50 answers "$target$path" || fail "$target$path does not answer"

victim=2
victim_addr=127.0.0.1:${port[$victim]}
echo "load: $tool, $connections connections, $seconds s on $target$path; strategy $strategy; b$victim ($victim_addr) killed at $kill_at s, back at $return_at s"

case $tool in
  h2load) load=(h2load --h1 -t 1 -c "$connections" -D "$seconds" "$target$path") ;;
  wrk) load=(wrk -t 1 -c "$connections" -d "$seconds" --timeout 35 "$target$path") ;;
esac
declare -a before=()
for b in 1 2 3; do before[b]=$(count_of "$b"); done
begin=$EPOCHREALTIME
timeout -k 5 $((seconds + 40)) "${load[@]}" >"$work/load.log" 2>&1 &
pid_of[load]=$!

printf '\n%6s %9s %9s %9s\n' second b1 b2 b3
for ((second = 1; second <= seconds; second++)); do
  sleep "$(awk -v b="$begin" -v n="$EPOCHREALTIME" -v s="$second" 'BEGIN { d = b + s - n; print (d > 0 ? d : 0) }')"
  row=() event=''
  for b in 1 2 3; do
    now=$(count_of "$b")
    # A restarted process counts from 0.
    if [[ -z $now ]]; then row[b]=- before[b]=0; else row[b]=$((now < before[b] ? now : now - before[b])) before[b]=$now; fi
  done
  if ((second == kill_at)); then
    event="  <- b$victim killed after this slice"
    kill -9 "${pid_of[b$victim]}"
    wait "${pid_of[b$victim]}" 2>/dev/null || true
    unset "pid_of[b$victim]"
    before[victim]=0
  elif ((second == return_at)); then
    event="  <- b$victim started after this slice"
    start_backend "$victim"
  fi
  printf '%6s %9s %9s %9s%s\n' "$second" "${row[1]}" "${row[2]}" "${row[3]}" "$event"
done

load_code=0
wait "${pid_of[load]}" || load_code=$?
unset 'pid_of[load]'
verdict=0
echo
case $tool in
  h2load)
    grep -E '^(finished in|requests:|status codes:)' "$work/load.log" || true
    # requests: total, started, done, succeeded, failed, errored, timeout; status codes: 2xx, 3xx, 4xx, 5xx
    summary=$(awk '/^requests:/ { done = $6; ok = $8; failed = $10; errored = $12; late = $14 }
      /^status codes:/ { two = $3 }
      END { printf "requests=%d non_2xx=%d errors=%d", done, done - failed - two, failed + errored + late }' FS='[ :,]+' "$work/load.log")
    ;;
  wrk)
    grep -E 'requests in|Socket errors|Non-2xx' "$work/load.log" || true
    summary=$(awk '/requests in/ { done = $1 } /Socket errors/ { gsub(",", ""); errors = $4 + $6 + $8 + $10 } /Non-2xx/ { other = $NF }
      END { printf "requests=%d non_2xx=%d errors=%d", done, other, errors }' "$work/load.log")
    ;;
esac
echo "$summary"
[[ $load_code == 0 && $summary == *" non_2xx=0 errors=0" && $summary != "requests=0 "* ]] || verdict=1

if [[ -n ${pid_of[gateway]-} ]]; then
  echo
  echo "gateway log about $victim_addr:"
  grep -F "$victim_addr" "$work/gateway.log" | head -n 40 || echo "  (nothing)"
  echo
  within 50 nothing_active || verdict=1
  for gauge in gateway_active_connections gateway_backend_failures_total gateway_circuit_breaker_transitions_total; do gauges "$gauge"; done
  [[ -n $(gauges gateway_active_connections) ]] || { echo "no gateway_active_connections in the metrics"; verdict=1; }
fi
exit "$verdict"
