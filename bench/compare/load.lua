-- For wrk. The request is made once, before the load (BODY_BYTES of body make it a POST, CLOSE=1 asks for a connection of its own); no
-- function here runs per request. Prints one line of name=value; durations are microseconds.
local bytes = tonumber(os.getenv("BODY_BYTES") or "0")
if bytes > 0 then
  wrk.method = "POST"
  wrk.body = string.rep("x", bytes)
end
if os.getenv("CLOSE") == "1" then
  wrk.headers["Connection"] = "close"
end

function done(summary, latency, _)
  local e = summary.errors
  io.write(string.format("\nresult requests=%d duration=%d p50=%d p99=%d p999=%d errors=%d\n",
    summary.requests, summary.duration, latency:percentile(50), latency:percentile(99), latency:percentile(99.9),
    e.connect + e.read + e.write + e.timeout + e.status))
end
