#!/usr/bin/env bash
# Swaps the certificate each second by a symlink, as Kubernetes does, under a constant load of new connections: no handshake may fail, and the new certificate must be
# served within 2 s. Processes on loopback; needs openssl, wrk, curl, and: dotnet publish Gateway.Node -c Release -o artifacts/gateway (GATEWAY names another program).
# Stops every process that it starts, by process id.
# Usage: bench/certificates.sh [SECONDS]     (default 60)
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
gateway=${GATEWAY:-$here/../artifacts/gateway/gateway} seconds=${1:-60} first=${FIRST_PORT:-$((12000 + RANDOM % 20000))}
die() { printf 'certificates.sh: %s\n' "$*" >&2; exit 2; }
[ -x "$gateway" ] || die "no program at $gateway; see the head of this file"
for tool in openssl wrk curl; do command -v $tool >/dev/null || die "$tool is required"; done
work=$(mktemp -d) broken=0 pids=()
cleanup() { for id in ${pids[@]+"${pids[@]}"}; do kill "$id" 2>/dev/null || true; done; wait 2>/dev/null || true; rm -rf "$work"; }
trap cleanup EXIT
trap 'exit 130' INT TERM
within() { local until=$((SECONDS + $1)); shift; until "$@" >/dev/null 2>&1; do [ "$SECONDS" -lt "$until" ] || die "timed out: $*"; sleep 0.2; done; }
verdict() { local what=$1; shift; if "$@"; then printf 'HOLDS         %s\n' "$what"; else printf 'DOES NOT HOLD %s\n' "$what"; broken=1; fi; }

# make NUMBER: creates a certificate and key in their own folder, identified by the serial number.
make() {
  mkdir "$work/$1"
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 -subj "/CN=shop.example" -addext subjectAltName=DNS:shop.example -set_serial "$1" \
    -keyout "$work/$1/tls.key" -out "$work/$1/tls.crt" 2>/dev/null
}
swap() { ln -s "$1" "$work/next" && mv -T "$work/next" "$work/current"; } # One rename: there is always a certificate.
served() { openssl s_client -connect "127.0.0.1:$((first + 2))" -servername shop.example </dev/null 2>/dev/null | openssl x509 -noout -serial 2>/dev/null | sed 's/serial=0*//'; }
metric() { curl -sf "http://127.0.0.1:$((first + 4))/metrics" | awk -v name="$1" 'index($1, name) == 1 { sum += $2 } END { printf "%.0f", sum }'; }

make 1; swap 1
"$gateway" backend --listen-addr "127.0.0.1:$first" >/dev/null 2>&1 & pids+=($!)
"$gateway" --listen-addr "127.0.0.1:$((first + 1))" --tls-addr "127.0.0.1:$((first + 2))" --tls-cert "$work/current/tls.crt" --tls-key "$work/current/tls.key" --admin-addr "127.0.0.1:$((first + 3))" \
  --metrics-enabled --metrics-addr "127.0.0.1:$((first + 4))" --relay-endpoints "http://127.0.0.1:$first" --log-level error & pids+=($!)
within 30 curl -sf -m 2 "http://127.0.0.1:$((first + 1))/ready"

wrk -t1 -c16 "-d${seconds}s" --timeout 5s -H 'Connection: close' "https://127.0.0.1:$((first + 2))/" >"$work/wrk" & load=$!
late=0 swaps=0
for ((n = 2; n <= seconds - 2; n++)); do
  make $n; swap $n
  begun=$(date +%s%N) swaps=$((swaps + 1))
  until [ "$(served)" = "$(printf '%X' $n)" ]; do
    [ $(($(date +%s%N) - begun)) -lt 2000000000 ] || { late=$((late + 1)); break; }
    sleep 0.05
  done
  took=$((($(date +%s%N) - begun) / 1000000))
  echo "$took" >>"$work/took"
  rest=$((1000 - took))
  ((rest <= 0)) || sleep "$(printf '0.%03d' $((rest < 1000 ? rest : 999)))"
  kill -0 $load 2>/dev/null || break
done
wait $load
requests=$(awk '/requests in/ { print $1 }' "$work/wrk") 
failed=$(curl -sf "http://127.0.0.1:$((first + 4))/metrics" | awk 'index($1, "gateway_tls_handshake_failures_total{") == 1 && !index($1, "closed") { sum += $2 } END { printf "%.0f", sum }')
echo "handshakes that the load generator aborted at its end: $(metric 'gateway_tls_handshake_failures_total{reason="closed"}')" # Earlier ones would count as its socket errors.
sort -n "$work/took" | awk -v swaps=$swaps '{ v[NR] = $1 } END { printf "%d swaps; the new certificate was served after a median of %d ms, at most %d ms\n", swaps, v[int((NR + 1) / 2)], v[NR] }'
verdict "$requests connections, $((requests / seconds)) a second, at least 200" test $((requests / seconds)) -ge 200
verdict "no handshake failed ($failed), no request either: $(grep -E 'Non-2xx|Socket errors' "$work/wrk" || echo none)" eval '[ "$failed" = 0 ] && ! grep -qE "Non-2xx|Socket errors" "$work/wrk"'
verdict "the new certificate was served within 2 s each time ($late late)" test $late -eq 0
exit $broken
