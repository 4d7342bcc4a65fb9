#!/usr/bin/env bash
# One replica and 100 endpoints, 70 of which accept connections and never answer: each of the other 30 must still be probed at least every 1.2 intervals.
# Processes on loopback; needs python3 (for the backends), no root, and dotnet publish Gateway.Node -c Release -o artifacts/gateway; GATEWAY names another program.
# Usage: bench/cluster/silent.sh [INTERVAL_MS [SECONDS]]     (default 5000, 90)
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
gateway=${GATEWAY:-$here/../../artifacts/gateway/gateway} interval=${1:-5000} seconds=${2:-90} first=${FIRST_PORT:-$((12000 + RANDOM % 18000))}
[ -x "$gateway" ] || { echo "silent.sh: no program at $gateway; see the head of this file" >&2; exit 2; }
work=$(mktemp -d) pids=()
cleanup() { for id in ${pids[@]+"${pids[@]}"}; do kill -9 "$id" 2>/dev/null || true; done; wait 2>/dev/null || true; rm -rf "$work"; }
trap cleanup EXIT
trap 'exit 130' INT TERM

cat >"$work/backends.py" <<'PYTHON'
import asyncio, os, sys, time
first, interval, seconds, warm = int(sys.argv[1]), float(sys.argv[2]) / 1000, float(sys.argv[3]), float(sys.argv[4])
begin = time.monotonic() + warm  # Ignores the first round of a new replica.
last, worst, count = {}, {}, {}

def well(port):
    async def serve(reader, writer):
        try:
            while await reader.readuntil(b"\r\n\r\n"):
                now = time.monotonic()
                if now >= begin:
                    worst[port] = max(worst.get(port, 0), now - last.get(port, now))
                    last[port], count[port] = now, count.get(port, 0) + 1
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        writer.close()
    return serve

async def silent(reader, writer):
    await reader.read(-1)
    writer.close()

async def main():
    for n in range(100):
        await asyncio.start_server(well(first + n) if n < 30 else silent, "127.0.0.1", first + n)
    await asyncio.sleep(warm + seconds)
    now = time.monotonic()
    gaps = sorted(max(worst.get(p, 1e9), now - last.get(p, begin)) for p in range(first, first + 30))
    print(f"30 that answer: {min(count.values(), default=0)} to {max(count.values(), default=0)} probes each; longest without one: best {gaps[0]:.2f} s, worst {gaps[-1]:.2f} s; "
          f"asked {1.2 * interval:.2f} s")
    print("HOLDS" if len(count) == 30 and gaps[-1] <= 1.2 * interval else "DOES NOT HOLD", f"        each is probed every 1.2 intervals of {interval:g} s, of 100 endpoints 70 silent")
    sys.stdout.flush()
    os._exit(gaps[-1] > 1.2 * interval)  # Without waiting for the silent ones.

asyncio.run(main())
PYTHON
backends=''
for ((n = 0; n < 100; n++)); do backends+=",http://127.0.0.1:$((first + n))"; done
python3 "$work/backends.py" "$first" "$interval" "$seconds" 30 & backends_id=$!; pids+=("$backends_id")
"$gateway" --listen-addr "127.0.0.1:$((first + 110))" --admin-addr "127.0.0.1:$((first + 111))" --relay-endpoints "${backends#,}" \
  --health-check-interval-ms "$interval" >"$work/gateway.log" 2>&1 & pids+=($!)
wait "$backends_id"
