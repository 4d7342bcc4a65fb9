# Sourced by the scripts of this folder: hosts in network namespaces, replicas and backends on them, faults, measurements, verdicts.
# Needs root, iproute2, iptables, curl, and two published programs:
#   dotnet publish Gateway.Node -c Release -o artifacts/gateway
#   dotnet publish bench/Gateway.Rig -c Release -o artifacts/rig
# GATEWAY and RIG name other programs. Stops every process that it starts, by process id.
# shellcheck shell=bash
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
script=$(basename "$0")
gateway=${GATEWAY:-$here/../../artifacts/gateway/gateway}
rig=${RIG:-$here/../../artifacts/rig/rig}
die() { printf '%s: %s\n' "$script" "$*" >&2; exit 2; }
[ "$(id -u)" = 0 ] || die 'network namespaces require root'
for program in "$gateway" "$rig"; do [ -x "$program" ] || die "no program at $program; see lib.sh"; done
for tool in ip iptables curl awk; do command -v "$tool" >/dev/null || die "$tool is required"; done

work=$(mktemp -d)
spaces=gwc$$
declare -A pid=() address=()
broken=0

cleanup() {
  local code=$? name
  trap - EXIT
  for name in "${!pid[@]}"; do kill -9 "${pid[$name]}" 2>/dev/null || true; done
  wait 2>/dev/null || true
  for name in "${!address[@]}" switch; do ip netns del "$spaces-$name" 2>/dev/null || true; done
  if [ -n "${KEEP:-}" ]; then echo "logs: $work"; else rm -rf "$work"; fi
  exit "$code"
}
trap cleanup EXIT
trap 'exit 130' INT TERM

# --- hosts: one network of namespaces, 10.88.0.1 and up, connected by a bridge in a separate namespace ---

hosts() { # NAME...
  local name number=0
  ip netns add "$spaces-switch"
  ip -n "$spaces-switch" link add bridge0 type bridge
  ip -n "$spaces-switch" link set bridge0 up
  for name in "$@"; do
    number=$((number + 1)); address[$name]=10.88.0.$number
    ip netns add "$spaces-$name"
    ip -n "$spaces-switch" link add "p$number" type veth peer name eth0 netns "$spaces-$name"
    ip -n "$spaces-switch" link set "p$number" master bridge0 up
    ip -n "$spaces-$name" addr add "${address[$name]}/24" dev eth0
    ip -n "$spaces-$name" link set lo up
    ip -n "$spaces-$name" link set eth0 up
  done
}
on() { local host=$1; shift; ip netns exec "$spaces-$host" "$@"; }

# Faults. All are silent: packets are dropped without notice.
sever() { on "$2" iptables -I INPUT -s "${address[$1]}" -j DROP; } # FROM TO, one way
part() { local a b; for a in $1; do for b in $2; do sever "$a" "$b"; sever "$b" "$a"; done; done; } # "HOST..." "HOST...", both ways
isolate() { on "$1" iptables -I INPUT -i eth0 -j DROP; on "$1" iptables -I OUTPUT -o eth0 -j DROP; } # HOST: as if the host were down
loss() { on "$2" iptables -I INPUT -s "${address[$1]}" -m statistic --mode random --probability "$3" -j DROP; } # FROM TO SHARE
heal() { local name; for name in "${@:-${!address[@]}}"; do on "$name" iptables -F; done; }

# --- processes ---

start() { # NAME HOST CMD...: in the background, its output in $work/NAME.log
  local name=$1 host=$2; shift 2
  ip netns exec "$spaces-$host" "$@" >>"$work/$name.log" 2>&1 &
  pid[$name]=$!
}
end() { # NAME [SIGNAL]: stops a process of this script and waits for it; sets $ended to its exit code
  ended=0
  [ -n "${pid[$1]:-}" ] || return 0
  kill "-${2:-KILL}" "${pid[$1]}" 2>/dev/null || true
  wait "${pid[$1]}" 2>/dev/null || ended=$?
  unset "pid[$1]"
}
within() { # SECONDS CMD...: repeats a command until it succeeds
  local until=$((${EPOCHREALTIME/./} + $1 * 1000000)); shift
  until "$@" >/dev/null 2>&1; do
    [ "${EPOCHREALTIME/./}" -lt "$until" ] || { echo "$script: timed out: $*" >&2; return 1; }
    sleep 0.05
  done
}
get() { on client curl -sf -m 2 "http://$1"; } # HOST:PORT/PATH, from the host of the client

# Backends run on hosts b1, b2 and so on, each in a zone.
declare -A zone=()
backend() { # HOST [FLAG...]
  local host=$1; shift
  start "$host" "$host" "$gateway" backend --name "$host" --listen-addr "${address[$host]}:8000" "$@"
  within 30 get "${address[$host]}:8000/-/stats"
}
become() { on client curl -sf -o /dev/null -X POST "http://${address[$1]}:8000/-/behave?mode=$2"; } # HOST MODE[&delay-ms=N]
relay() { # HOST...: prints the list of backends for a replica
  local host list=''
  for host in "$@"; do list+=",http://${address[$host]}:8000${zone[$host]:+;zone=${zone[$host]}}"; done
  printf '%s' "${list#,}"
}

# Replicas run on hosts g1, g2 and so on; $seeds are the hosts of the seed nodes. $flags are flags for every replica.
seeds='' flags=()
replica() { # HOST BACKENDS [FLAG...]
  local host=$1 backends=$2 list='' seed; shift 2
  for seed in $seeds; do list+=,${address[$seed]}:4053; done
  start "$host" "$host" "$gateway" --gateway-id "$host" --listen-addr "${address[$host]}:8080" --relay-endpoints "$backends" \
    --metrics-enabled --metrics-addr "${address[$host]}:9090" ${zone[$host]:+--zone "${zone[$host]}"} \
    ${list:+--cluster-addr "${address[$host]}:4053" --seed-nodes "${list#,}"} ${flags[@]+"${flags[@]}"} "$@"
}
ready() { get "${address[$1]}:8080/ready"; }
all_ready() { local host; for host in "$@"; do within 180 ready "$host" || { tail -n 20 "$work/$host.log" >&2; return 1; }; done; }

# --- measurements ---

now_ms() { local t=${EPOCHREALTIME/./}; printf '%s' "${t%???}"; }
# metric HOST NAME [TEXT]: the sum of a replica's series whose labels contain the text
metric() { get "${address[$1]}:9090/metrics" | awk -v name="$2" -v text="${3:-}" '
  (index($0, name "{") == 1 || index($0, name " ") == 1) && index($0, text) { sum += $NF } END { print sum + 0 }'; }
# stat HOST KEY: a counter of a backend. This request counts as a probe there.
stat() { get "${address[$1]}:8000/-/stats" | grep -oE "\"$2\":[0-9]+" | head -n 1 | cut -d: -f2; }
# stamped FILE: prefixes log lines with their time in milliseconds since 1970.
stamped() {
  awk '/^[0-9]+-[0-9]+-[0-9]+T[0-9:.]+Z / {
    split(substr($1, 1, 19), part, /[-T:]/); split($1, fraction, /[.Z]/)
    day = part[1] " " part[2] " " part[3] " " part[4] " " part[5] " " part[6]
    printf "%d%03d %s\n", mktime(day, 1), fraction[2], $0 }' "$1"
}
# joined COUNT HOST...: whether each of these replicas sees that many up and receives messages from all of them.
joined() {
  local count=$1 host; shift
  for host in "$@"; do
    within 120 is "$host" gateway_cluster_members == 'state="up"' "$count"
    within 120 is "$host" gateway_cluster_unreachable_members == '' 0
  done
}
is() { metric_is=$(metric "$1" "$2" "$4"); awk -v a="$metric_is" -v b="$5" "BEGIN { exit !(a $3 b) }"; } # HOST NAME OP TEXT VALUE

# --- reporting ---

say() { printf '\n== %s\n' "$*"; }
verdict() { # WHAT TEST...: prints one line, which scripts can grep
  local what=$1; shift
  if "$@"; then printf 'HOLDS         %s\n' "$what"; else printf 'DOES NOT HOLD %s\n' "$what"; broken=1; fi
}
calc() { awk "BEGIN { exit !($1) }"; } # evaluates a condition in awk
finish() { exit "$broken"; }
