# Loads: one run of a generator against one proxy, with the proxy's cost. Sourced by ../run.
# shellcheck shell=bash disable=SC2154

# Constant rate: every connection sends 8 requests per second. That is one request in 125 ms, and the slow backend takes 100 ms: no request
# waits for the previous answer, so a stall affects every request that it would affect in production. Connections start one after another
# during one such period, so that requests arrive evenly and not in bursts.
rate_connections=256 big_rate_connections=32 rate_per_connection=8 rate_start_per_ms=2

# Runs a generator and sets: requests cpu (µs per request) rps p50 p99 p999 (ms) late (percent, where it is counted) errors.
measure() { # proxy-name generator argument...
  local name=$1 generator=$2 before after from to line
  shift 2
  before=$(ticks "$name") from=$EPOCHREALTIME
  line=$("$generator" "$name" "$@")
  after=$(ticks "$name") to=$EPOCHREALTIME
  read -r requests cpu rps p50 p99 p999 late errors < <(awk -v line="$line" -v ticks=$((after - before)) -v hz="$tick" \
    -v wall="$(awk -v a="$from" -v b="$to" 'BEGIN { print (b - a) * 1e6 }')" 'BEGIN {
      n = split(line, pairs, " ")
      for (i = 1; i <= n; i++) { split(pairs[i], pair, "="); v[pair[1]] = pair[2] }
      done = v["requests"] > 0 ? v["requests"] : 1
      span = v["duration"] > 0 ? v["duration"] : wall
      printf "%d %.2f %.0f %.3f %.3f %.3f %.3f %d\n", v["requests"], ticks / hz * 1e6 / done, v["requests"] / span * 1e6,
        v["p50"] / 1000, v["p99"] / 1000, v["p999"] / 1000, v["late"] / done * 100, v["errors"]
    }')
  ((requests > 0)) || fail "$name answered no request: $line; $(tail -n 3 "$work/$name.log")"
}

# As many requests as possible, on a number of connections. Prints name=value pairs.
closed_loop() { # proxy-name connections seconds path [body-bytes [close]]
  local out
  out=$(BODY_BYTES=${5:-0} CLOSE=${6:-0} timeout --foreground -k 5 $(($3 + 30)) taskset -c $load_core \
    wrk -t 1 -c "$2" -d "$3" --timeout 10 -s "$here/load.lua" "$(origin "$1")$4" 2>&1) || fail "wrk: $out"
  sed -n 's/^result //p' <<<"$out"
}

# A fixed number of requests per second, regardless of the proxy. Prints name=value pairs.
constant_rate() { # proxy-name seconds path
  local log=$work/requests.log total=$((rate_connections * rate_per_connection * $2))
  : >"$log"
  timeout --foreground -k 5 $(($2 + 30)) taskset -c $load_core \
    h2load --h1 -t 1 -n $total -c $rate_connections -r $rate_start_per_ms --rate-period=1ms --rps $rate_per_connection \
    --log-file="$log" "http://127.0.0.1:${port_of[$1]}$3" >"$work/h2load.log" 2>&1 || fail "h2load: $(tail -n 5 "$work/h2load.log")"
  from_log "$log" $total
}

# Prints name=value pairs from a log of h2load. A request without a line counts as an error.
from_log() { # log total
  # Start, status and duration of each request.
  sort -n -k 3,3 "$1" | awk -v total="$2" -v late_from=$((slow_ms * 1000)) '
    $2 >= 200 && $2 < 300 { took[++good] = $3; late += $3 >= late_from }
    { if (!first || $1 < first) first = $1; if ($1 + $3 > end) end = $1 + $3 }
    function at(share,    i) { i = int(share * good); return took[i < 1 ? 1 : i] }
    END {
      printf "requests=%d duration=%d p50=%d p99=%d p999=%d late=%d errors=%d\n", good, end - first, at(0.5), at(0.99), at(0.999), late, total - good
    }'
}

# Loads proxies in turns until the result of each is stable (its last two loads are within 5 %), for at most eight turns. Each rests while the
# others are loaded (or for a while, if few are left), so that tiered compilation can finish its queue; without a rest, two loads can show
# the same plateau. A new process takes three turns before its results count.
settle() { # generator argument... -- proxy-name...
  local load=() left=() still name turns
  local -A previous=()
  while [[ $1 != -- ]]; do load+=("$1") && shift; done
  shift
  left=("$@")
  for ((turns = 1; turns <= 8 && ${#left[@]}; turns++)); do
    still=()
    for name in "${left[@]}"; do
      measure "$name" "${load[@]}"
      if ((turns >= ${warmed[$name]:-4})) && near "$cpu" "${previous[$name]:-0}"; then
        warmed[$name]=2
        echo "  $name settled at $cpu µs"
      else
        previous[$name]=$cpu
        still+=("$name")
      fi
    done
    left=(${still[@]+"${still[@]}"})
    if ((${#left[@]} && ${#left[@]} < 3)); then sleep 2; fi
  done
  for name in ${left[@]+"${left[@]}"}; do
    echo "  $name did not settle: ${previous[$name]} µs at last"
    notes+=("$name in \`$case\`: no two loads in a row agreed within 5 % while it was warmed up.")
  done
}

near() { awk -v a="$1" -v b="$2" 'BEGIN { d = a > b ? a - b : b - a; exit !(d <= 0.05 * a) }'; }

record() { # proxy-name metric value
  printf '%s\t%s\t%s\t%s\t%s\n' "$case" "$round" "$1" "$2" "$3" >>"$work/figures.tsv"
}

record_load() { # proxy-name
  local metric
  for metric in cpu rps p50 p99 p999 late errors; do record "$1" "$metric" "${!metric}"; done
  record "$1" rss "$(awk -v kib="$(resident "$1")" 'BEGIN { printf "%.1f", kib / 1024 }')"
  printf '  round %d  %-18s %8.2f µs  %8.0f/s  p50 %.3f  p99 %.3f  p99.9 %.3f ms  errors %d\n' \
    "$round" "$1" "$cpu" "$rps" "$p50" "$p99" "$p999" "$errors"
  if ((errors)); then notes+=("$1 in \`$case\`, round $round: $errors errors."); fi
}
