# The report: rewritten after every case, so that an interrupted run leaves the results so far. Sourced by ../run.
# shellcheck shell=bash disable=SC2154

# Metric (or metric/proxy: that proxy's figure in the same round is 1), heading, decimals.
columns_of() { # case
  local memory='rss|MiB|1;errors|errors|0' late
  if [[ $1 == slow ]]; then late=1; else late=''; fi
  case $1 in
    rate | slow) echo "p50|p50 ms|2;p99|p99 ms|2;p99/haproxy|to HAProxy|2;p999|p99.9 ms|2;${late:+late|late %|2;}cpu|CPU µs/request|1;cpu/haproxy|to HAProxy|2;cpu/yarp|to YARP|2;$memory" ;;
    calls) echo 'receives|receives|2;sends|sends|2;waits|waits|2;controls|epoll_ctl|3;others|others|3;bytes|managed bytes|1' ;;
    idle) echo 'before|MiB before|1;after|MiB after|1;each|KiB per connection|2;each/haproxy|to HAProxy|2;each/yarp|to YARP|2' ;;
    cold) echo 'first|first CPU µs/request|1;steady|steady CPU µs/request|1;times|times|2' ;;
    handshakes) echo "cpu|CPU µs/handshake|1;cpu/haproxy|to HAProxy|2;cpu/yarp|to YARP|2;rps|handshakes/s|0;p50|p50 ms|2;p99|p99 ms|2;$memory" ;;
    *) echo "cpu|CPU µs/request|1;cpu/haproxy|to HAProxy|2;cpu/yarp|to YARP|2;rps|requests/s|0;p50|p50 ms|2;p99|p99 ms|2;p999|p99.9 ms|2;$memory" ;;
  esac
}

versions() {
  nginx -v 2>&1 | sed 's/.*nginx\//NGINX /'
  haproxy -v | sed -n 's/^HAProxy version \([^ ]*\).*/HAProxy \1/p'
  echo "Caddy $(caddy version)"
  echo "YARP $(sed -n 's/.*Yarp.ReverseProxy" Version="\([^"]*\)".*/\1/p' "$root/Directory.Packages.props")"
  echo ".NET $(dotnet --list-runtimes | awk '$1 == "Microsoft.NETCore.App" { v = $2 } END { print v }') (SDK $(cd "$root" && dotnet --version))"
  { wrk -v 2>&1 || true; } | sed -n 's/^\(wrk\) \(debian\/\)\{0,1\}\([^ ]*\).*/wrk \3/p'
  ab -V | sed -n 's/.*Version \([^ ]*\).*/ab \1/p'
  openssl version | cut -d' ' -f1,2
  h2load --version | sed 's/^h2load/h2load/;s/nghttp2\///'
}

describe_run() {
  commit=$(git -C "$root" rev-parse --short HEAD)
  if [[ -n $(git -C "$root" status --porcelain --untracked-files=no) ]]; then commit+=' with changes'; fi
  cat <<TEXT
# Side by side, $(date -u +%F)

- machine: $(sed -n 's/^model name[[:space:]]*: //p' /proc/cpuinfo | head -n 1), $(nproc) cores, $(awk '/^MemTotal/ { printf "%.0f GiB", $2 / 1048576 }' /proc/meminfo)
- system: $(. /etc/os-release && echo "$PRETTY_NAME"), kernel $(uname -r)
- versions: $(versions | paste -sd, | sed 's/,/, /g')
- commit: $commit
- command: \`$invocation\`
- load of the machine before it began: $(cut -d' ' -f1-3 /proc/loadavg)

Proxies run on core $proxy_core with one worker each, load and backends on core $load_core, all over loopback and keep-alive. The gateway has metrics,
health checks and breakers on; its peers have none of them. Before a case each proxy was loaded until its figure settled; then came
$rounds interleaved rounds of $seconds s, each beginning with the next proxy. A cell is the median of the rounds with (lowest to highest). CPU is user
and system time of all of a proxy's processes over requests answered. \`to HAProxy\` and \`to YARP\` compare the column to their left with that
proxy in the same round: below 1 is less. MiB is resident memory after the load.
TEXT
}

write_report() { # finished case...
  local kase names note
  mkdir -p "$(dirname "$output")"
  {
    cat "$work/about.md"
    for kase; do
      printf '\n## %s: %s\n\n' "$kase" "${title[$kase]}"
      if [[ -n ${about[$kase]-} ]]; then printf '%s\n\n' "${about[$kase]}"; fi
      names=${chosen[*]}
      if [[ $kase == slow ]]; then names+=' gateway-peak-ewma'; fi
      awk -v kase="$kase" -v names="$names" -v columns="$(columns_of "$kase")" -f "$here/table.awk" "$work/figures.tsv"
    done
    if ((${#notes[@]})); then printf '\n## Notes\n\n'; fi
    for note in ${notes[@]+"${notes[@]}"}; do echo "- $note"; done
  } >"$work/report.md"
  cp "$work/report.md" "$output"
}
