# Processes: those started here are known by name, and only those are stopped. Sourced by ../run.
# shellcheck shell=bash disable=SC2154

# The cores of the proxies, and those of load and backends.
proxy_core=0 load_core=1

declare -A pid_of=()
tick=$(getconf CLK_TCK)

# name core command...
start() {
  local name=$1 core=$2
  shift 2
  taskset -c "$core" "$@" >"$work/$name.log" 2>&1 &
  pid_of[$name]=$!
}

alive() { kill -0 "${pid_of[$1]}" 2>/dev/null; }

# Stops processes by name: SIGTERM, then SIGKILL after two seconds.
stop() {
  local name i
  for name; do kill "${pid_of[$name]}" 2>/dev/null || true; done
  for name; do
    for ((i = 0; i < 20; i++)); do
      alive "$name" || break
      sleep 0.1
    done
    # A replica keeps serving for a while after SIGTERM, which is not needed here.
    kill -9 "${pid_of[$name]}" 2>/dev/null || true
    wait "${pid_of[$name]}" 2>/dev/null || true
    unset "pid_of[$name]"
  done
}

# A started process and its children (NGINX has a master and a worker).
family() {
  local pid=$1 child
  echo "$pid"
  for child in $(cat "/proc/$pid/task/"*/children 2>/dev/null); do family "$child"; done
}

# Clock ticks of CPU, user and system, that a process and its children have used.
ticks() {
  local pid stat total=0
  for pid in $(family "${pid_of[$1]}"); do
    stat=$(<"/proc/$pid/stat")
    read -ra stat <<<"${stat##*) }" # from the third field on: the name before it can hold anything
    total=$((total + stat[11] + stat[12]))
  done
  echo "$total"
}

# Resident memory in KiB.
resident() {
  local pid
  for pid in $(family "${pid_of[$1]}"); do cat "/proc/$pid/status"; done | awk '/^VmRSS:/ { sum += $2 } END { print sum }'
}

# A free port below the ephemeral range that was not returned before.
declare -A given=()
free_port() {
  while true; do
    port=$((20000 + RANDOM % 10000))
    if [[ -z ${given[$port]-} ]] && ! (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
      given[$port]=1
      return
    fi
  done
}

# Waits until a started process answers, for ten seconds or the given time.
await() {
  local name=$1 url=$2 seconds=${3:-10} i
  for ((i = 0; i < seconds * 20; i++)); do
    alive "$name" || fail "$name ended: $(tail -n 5 "$work/$name.log")"
    if curl -sf -o /dev/null -m 1 "$url"; then return; fi
    sleep 0.05
  done
  fail "$name does not answer $url: $(tail -n 5 "$work/$name.log")"
}
