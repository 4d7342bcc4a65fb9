# System calls and managed allocations per request: in a separate run, since strace makes everything several times slower. Sourced by ../run.
# shellcheck shell=bash disable=SC2154

declare -A metrics_of=()

# Counts the system calls of a proxy's processes under load.
traced() { # proxy seconds
  local proxy=$1 pids tracer line
  pids=$(family "${pid_of[$proxy]}" | sed 's/^/-p /')
  # shellcheck disable=SC2086
  strace -f -c -S calls -o "$work/calls.txt" $pids >"$work/strace.log" 2>&1 &
  tracer=$!
  sleep 1
  line=$(closed_loop "$proxy" 64 "$2" /70)
  kill -INT "$tracer"
  wait "$tracer" || true
  requests=$(sed -n 's/.*requests=\([0-9]*\).*/\1/p' <<<"$line")
  [[ -s $work/calls.txt && ${requests:-0} -gt 0 ]] || fail "strace at $proxy: $(tail -n 2 "$work/strace.log")"
}

# The number of calls with these names per request.
per_request() { # awk-pattern
  awk -v names="^($1)\$" -v n="$requests" '$NF ~ names && $4 ~ /^[0-9]+$/ { sum += $4 } END { printf "%.3f", sum / n }' "$work/calls.txt"
}

# Bytes that the gateway has allocated on the managed heap so far.
allocated() { curl -fsS "http://${metrics_of[$1]}/metrics" | awk '/^dotnet_gc_allocated_bytes_total/ { printf "%.0f", $2 }'; }

calls() {
  local proxy before between after
  command -v strace >/dev/null || fail 'missing: strace'
  start_fleet
  settle closed_loop 64 $short_seconds /70 -- "${chosen[@]}"
  for ((round = 1; round <= rounds; round++)); do
    rotate "${chosen[@]}"
    for proxy in "${turn[@]}"; do
      traced "$proxy" "$seconds"
      record "$proxy" receives "$(per_request 'recv(from|msg)?|read(v)?')"
      record "$proxy" sends "$(per_request 'send(to|msg)?|write(v)?')"
      record "$proxy" waits "$(per_request 'epoll_p?wait2?|io_uring_enter')"
      record "$proxy" controls "$(per_request epoll_ctl)"
      record "$proxy" others "$(awk -v n="$requests" '$NF !~ /^(recv(from|msg)?|readv?|send(to|msg)?|writev?|epoll_p?wait2?|io_uring_enter|epoll_ctl|total|syscall)$/ && $4 ~ /^[0-9]+$/ { sum += $4 } END { printf "%.3f", sum / n }' "$work/calls.txt")"
      if [[ -n ${metrics_of[$proxy]-} ]]; then
        before=$(allocated "$proxy") between=$(allocated "$proxy")
        requests=$(closed_loop "$proxy" 64 "$seconds" /70 | sed -n 's/.*requests=\([0-9]*\).*/\1/p')
        after=$(allocated "$proxy")
        # A scrape allocates too: the first difference is its share.
        record "$proxy" bytes "$(awk -v a="$before" -v b="$between" -v c="$after" -v n="$requests" 'BEGIN { printf "%.1f", (c - b - (b - a)) / n }')"
      fi
      echo "  round $round  $proxy $requests requests"
    done
  done
}
