# The measured cases. Each function runs one, for all rounds. Sourced by ../run.
# shellcheck shell=bash disable=SC2034,SC2154

all_cases=(70b-16 70b-64 70b-512 4k 64k 1m post close rate 1m-rate slow calls idle cold https handshakes h2)
idle_connections=10000 cold_seconds=5 short_seconds=2 rate_seconds=5
declare -A bytes_of=([/70]=70 [/4k]=4096 [/64k]=65536 [/1m]=1048576 [/post]=70)

declare -A title=(
  [70b-16]='70 B answers, 16 connections'
  [70b-64]='70 B answers, 64 connections'
  [70b-512]='70 B answers, 512 connections'
  [4k]='4 KiB answers, 64 connections'
  [64k]='64 KiB answers, 64 connections'
  [1m]='1 MiB answers, 64 connections'
  [post]='64 KiB POST, 64 connections'
  [close]='A connection per request, 70 B answers, 64 at once'
  [rate]="70 B answers at a constant $((rate_connections * rate_per_connection)) requests/s"
  [1m-rate]="1 MiB answers at a constant $((big_rate_connections * rate_per_connection)) requests/s"
  [slow]="One of three backends takes $slow_ms ms, a constant $((rate_connections * rate_per_connection)) requests/s"
  [calls]='System calls and managed allocations per request: 70 B answers, 64 connections'
  [idle]="Up to $idle_connections idle client connections"
  [cold]="A fresh process: its first $cold_seconds s compared with its own steady state"
  [https]='70 B answers over TLS 1.3 and HTTP/1.1, 64 connections'
  [handshakes]="A full TLS 1.3 handshake per request, 70 B answers, $handshake_connections at once"
  [h2]="70 B answers over TLS 1.3 and HTTP/2, $h2_connections connections with $h2_streams streams each"
)
declare -A about=(
  [post]='The backend reads the whole body before it answers.'
  [close]='The client asks for `Connection: close`; connections to the backends are kept.'
  [rate]="h2load, $rate_connections connections, each $rate_per_connection requests/s, because a closed loop hides stalls."
  [1m-rate]="The same on $big_rate_connections connections: about a quarter of HAProxy's maximum. In the closed loop of \`1m\` each proxy is measured at its own rate."
  [slow]='Least connections everywhere, and also peak EWMA at the gateway; the slow backend passes its health checks. `late`: the
share of requests that took at least as long as the slow backend does.'
  [calls]='System calls over requests answered, under strace, which slows all of them down: fewer requests are ready at once than without it, so there are more waits. Bytes are from
the runtime'"'"'s counter, in a run without strace.'
  [idle]='Each connection has received one answer. Resident memory before and after, in a separate process per round, after a short load. The kernel memory of the sockets is not included.'
  [cold]='70 B answers, 64 connections, from the moment it reports ready.'
  [https]='The certificate (ECDSA P-256) is the same for all. The figures include the 64 handshakes of each load.'
  [handshakes]='ab, which never resumes a session; session resumption is at the default of each proxy, so the cost of tickets is included. Requests are HTTP/1.0, one per connection;
connections to the backends are kept. A handshake costs the client CPU too: compare the CPU, since the client may limit handshakes/s.'
  [h2]='h2load, closed loop. Backends use HTTP/1.1. The figures include the handshakes of each load.'
)

run_case() {
  case=$1
  say "$case: ${title[$case]}"
  case $case in
    70b-*) loaded "${case#70b-}" /70 ;;
    4k | 64k | 1m) loaded 64 "/$case" ;;
    post) loaded 64 /post 65536 ;;
    close) loaded 64 /70 0 1 ;;
    rate)
      start_fleet
      rated /70 "${chosen[@]}"
      ;;
    1m-rate)
      start_fleet
      rate_connections=$big_rate_connections rated /1m "${chosen[@]}"
      ;;
    slow) slow ;;
    calls) calls ;;
    idle) idle ;;
    cold) cold ;;
    https) secure 1.1 closed_loop 64 ;;
    handshakes) secure 1.1 handshakes $handshake_connections ;;
    h2) secure 2 multiplexed $h2_connections ;;
  esac
}

# Sets `turn` to the names in the order of this round: each proxy is first, second and so on equally often.
rotate() {
  local n=$# from=$(((round - 1) % $#))
  turn=("${@:1+from:n}" "${@:1:from}")
}

# The proxies that most cases share, in front of the fast backends.
start_fleet() { # [tls]
  local proxy
  if [[ ${1-} != "$over_tls" ]]; then
    stop_fleet
    over_tls=${1-}
  fi
  for proxy in "${chosen[@]}"; do
    if [[ -z ${pid_of[$proxy]-} ]]; then start_proxy "$proxy" "$proxy" round-robin "${fast_set[@]}"; fi
  done
}

stop_fleet() {
  local proxy
  for proxy in "${chosen[@]}"; do
    if [[ -n ${pid_of[$proxy]-} ]]; then stop "$proxy"; fi
  done
  over_tls=''
}

# Checks that the proxy is the one to measure.
check() { # proxy path [body-bytes [close]]
  local got
  got=$(head -c "${3:-0}" /dev/zero | curl -s -o /dev/null -m 5 -w '%{http_code} %{size_download}' \
    ${3:+--data-binary @-} "http://127.0.0.1:${port_of[$1]}$2") || true
  [[ $got == "200 ${bytes_of[$2]}" ]] || fail "$1 answers $2 with status and bytes $got"
}

loaded() { # connections path [body-bytes [close]]
  local connections=$1 proxy
  shift
  start_fleet
  for proxy in "${chosen[@]}"; do check "$proxy" "$@"; done
  settle closed_loop "$connections" $short_seconds "$@" -- "${chosen[@]}"
  for ((round = 1; round <= rounds; round++)); do
    rotate "${chosen[@]}"
    for proxy in "${turn[@]}"; do
      measure "$proxy" closed_loop "$connections" "$seconds" "$@"
      record_load "$proxy"
    done
  done
}

rated() { # path proxy-name...
  local name path=$1
  shift
  settle closed_loop 64 $short_seconds "$path" -- "$@"
  for ((round = 1; round <= rounds; round++)); do
    rotate "$@"
    for name in "${turn[@]}"; do
      measure "$name" constant_rate $((seconds > rate_seconds ? seconds : rate_seconds)) "$path"
      record_load "$name"
    done
  done
}

slow() {
  local proxy name names=()
  stop_fleet
  for proxy in "${chosen[@]}"; do
    names+=("$proxy")
    start_proxy "$proxy" "$proxy" least-connections "${slow_set[@]}"
    if [[ $proxy == gateway ]]; then
      names+=(gateway-peak-ewma)
      start_proxy gateway-peak-ewma gateway peak-ewma "${slow_set[@]}"
    fi
  done
  rated /70 "${names[@]}"
  for name in "${names[@]}"; do stop "$name"; done
}

idle() {
  local proxy before after each room=$(((files - 1000) / 2)) count=$idle_connections
  stop_fleet
  # A proxy may need two descriptors for each connection, and the gateway takes no more clients than that allows.
  if ((room < count)); then
    count=$room
    notes+=("\`idle\`: $count connections, since $files files may be open at once.")
  fi
  for ((round = 1; round <= rounds; round++)); do
    rotate "${chosen[@]}"
    for proxy in "${turn[@]}"; do
      start_proxy "$proxy" "$proxy" round-robin "${fast_set[@]}"
      measure "$proxy" closed_loop 64 $short_seconds /70
      sleep 1
      before=$(resident "$proxy")
      start holder $load_core "$artifacts/idle-holder/idle-holder" 127.0.0.1 "${port_of[$proxy]}" $count /70
      until grep -q '^holding' "$work/holder.log"; do
        alive holder || fail "idle-holder at $proxy: $(tail -n 2 "$work/holder.log")"
        sleep 0.2
      done
      sleep 2
      after=$(resident "$proxy")
      each=$(awk -v a="$after" -v b="$before" -v n=$count 'BEGIN { printf "%.2f", (a - b) / n }')
      record "$proxy" before "$(awk -v kib="$before" 'BEGIN { printf "%.1f", kib / 1024 }')"
      record "$proxy" after "$(awk -v kib="$after" 'BEGIN { printf "%.1f", kib / 1024 }')"
      record "$proxy" each "$each"
      echo "  round $round  $proxy $each KiB each ($before to $after KiB)"
      stop holder "$proxy"
    done
  done
}

# Only proxies with a JIT compiler have a noticeable cold start.
cold() {
  local proxy first
  stop_fleet
  for ((round = 1; round <= rounds; round++)); do
    for proxy in yarp gateway; do
      if [[ " ${chosen[*]} " != *" $proxy "* ]]; then continue; fi
      start_proxy "$proxy" "$proxy" round-robin "${fast_set[@]}"
      measure "$proxy" closed_loop 64 $cold_seconds /70
      first=$cpu
      settle closed_loop 64 $short_seconds /70 -- "$proxy"
      measure "$proxy" closed_loop 64 "$seconds" /70
      record "$proxy" first "$first"
      record "$proxy" steady "$cpu"
      record "$proxy" times "$(awk -v a="$first" -v b="$cpu" 'BEGIN { printf "%.2f", a / b }')"
      echo "  round $round  $proxy $first µs at first, $cpu µs steady"
      stop "$proxy"
    done
  done
}
