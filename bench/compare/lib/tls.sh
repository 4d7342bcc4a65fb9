# TLS: the certificate, and the loads over it. Sourced by ../run.
# shellcheck shell=bash disable=SC2034,SC2154

handshake_connections=16 h2_connections=64 h2_streams=10

make_certificate() {
  if [[ -e $work/tls.pem ]]; then return; fi
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$work/tls.key" -out "$work/tls.crt" -days 2 \
    -subj /CN=localhost -addext 'subjectAltName=DNS:localhost,IP:127.0.0.1' >"$work/openssl.log" 2>&1 ||
    fail "openssl: $(tail -n 3 "$work/openssl.log")"
  cat "$work/tls.crt" "$work/tls.key" >"$work/tls.pem" # HAProxy wants both in one file.
}

# The URL of a proxy: its TLS listener in the cases over TLS, otherwise the plain one.
origin() { # proxy-name
  if [[ $over_tls ]]; then echo "https://127.0.0.1:${tls_of[$1]}"; else echo "http://127.0.0.1:${port_of[$1]}"; fi
}

# Checks that it answers with the certificate, TLS 1.3 and the HTTP version to measure.
check_tls() { # proxy version
  local got
  got=$(curl -s -o /dev/null -m 5 -w '%{http_code} %{size_download} %{http_version}' --cacert "$work/tls.crt" --tlsv1.3 "--http$2" \
    "$(origin "$1")/70") || true
  [[ $got == "200 70 $2" ]] || fail "$1 answers /70 over TLS with status, bytes and version $got"
}

secure() { # version generator connections
  local version=$1 proxy
  shift
  make_certificate
  start_fleet tls
  for proxy in "${chosen[@]}"; do
    check_tls "$proxy" "$version"
    unset "warmed[$proxy]" # Each of these loads runs different code.
  done
  settle "$@" $short_seconds /70 -- "${chosen[@]}"
  for ((round = 1; round <= rounds; round++)); do
    rotate "${chosen[@]}"
    for proxy in "${turn[@]}"; do
      measure "$proxy" "$@" "$seconds" /70
      record_load "$proxy"
    done
  done
}

# A connection and a full handshake for each request, as many as possible. wrk would resume sessions. -l allows answers in pieces:
# ab takes the bytes received with the first head as their length. Prints name=value pairs.
handshakes() { # proxy-name connections seconds path
  local out
  out=$(timeout --foreground -k 5 $(($3 + 30)) taskset -c $load_core \
    ab -q -r -l -c "$2" -t "$3" -n 1000000 -f TLS1.3 -e "$work/ab.csv" "$(origin "$1")$4" 2>&1) || fail "ab: $(tail -n 3 <<<"$out")"
  awk '
    FILENAME != "-" { split($0, row, ","); took[row[1]] = row[2] * 1000; next }
    /^Time taken for tests:/ { duration = $5 * 1e6 }
    /^Complete requests:/ { done = $3 }
    /^(Failed requests|Non-2xx responses):/ { errors += $3 }
    END { printf "requests=%d duration=%d p50=%d p99=%d errors=%d\n", done, duration, took[50], took[99], errors }' "$work/ab.csv" - <<<"$out"
}

# HTTP/2, as many requests as possible. Prints name=value pairs.
multiplexed() { # proxy-name connections seconds path
  local log=$work/requests.log total
  : >"$log"
  timeout --foreground -k 5 $(($3 + 30)) taskset -c $load_core \
    h2load -t 1 -c "$2" -m $h2_streams -D "$3" --log-file="$log" "$(origin "$1")$4" >"$work/h2load.log" 2>&1 || fail "h2load: $(tail -n 5 "$work/h2load.log")"
  # Requests in flight at the end count neither as done nor as failed.
  total=$(awk '/^requests:/ { for (i = 2; i < NF; i++) if ($(i + 1) ~ /^(succeeded|failed),/) sum += $i; print sum }' "$work/h2load.log")
  from_log "$log" "$total"
}
