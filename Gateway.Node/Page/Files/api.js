// The page's connection to its replica: JSON, a stream of events, commands with streamed output. All requests carry the token, if one is
// set; so events are read by fetch too, since an EventSource cannot send header fields.

const tokenKey = "gateway-token";
const patience = 5_000;

/** Thrown when the replica refuses a request. */
export class Refused extends Error {
  constructor(status, detail) {
    super(detail);
    this.status = status;
  }
}

export function hasToken() {
  return sessionStorage.getItem(tokenKey) !== null;
}

/** Stores a token until this tab is closed. */
export function keepToken(token) {
  sessionStorage.setItem(tokenKey, token);
}

export function forgetToken() {
  sessionStorage.removeItem(tokenKey);
}

/** Requests a path and returns the JSON. Times out after five seconds. */
export async function read(path, signal) {
  const answer = await ask(path, { signal: AbortSignal.any([signal, AbortSignal.timeout(patience)]) });
  return answer.json();
}

/**
 * Yields new events and changed endpoints, as { id, type, data }. Yields null first, once the stream is open: nothing is missed from
 * then on.
 */
export async function* events(after, signal) {
  const headers = after > 0 ? { "Last-Event-ID": String(after) } : {};
  const answer = await ask("/events?last=200&endpoints=true", { headers, signal });
  yield null;
  let event = { id: null, type: "message", data: "" };
  for await (const line of lines(answer)) {
    const [field, value] = split(line);
    if (line === "") {
      if (event.data !== "") {
        yield { ...event, data: JSON.parse(event.data) };
      }
      event = { id: null, type: "message", data: "" };
    } else if (field === "data") {
      event.data += value;
    } else if (field === "event") {
      event.type = value;
    } else if (field === "id") {
      event.id = Number(value);
    }
  }
}

/** Runs a command and yields its output, object by object. */
export async function* run(words, signal) {
  const answer = await ask("/commands", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ words }),
    signal,
  });
  for await (const line of lines(answer)) {
    if (line !== "") {
      yield JSON.parse(line);
    }
  }
}

async function ask(path, options) {
  const token = sessionStorage.getItem(tokenKey);
  const headers = token === null ? options.headers : { ...options.headers, Authorization: `Bearer ${token}` };
  const answer = await fetch(path, { ...options, headers, cache: "no-store" });
  if (!answer.ok) {
    throw new Refused(answer.status, await why(answer));
  }
  return answer;
}

async function why(answer) {
  try {
    return (await answer.json()).detail;
  } catch {
    return `the replica answered ${answer.status}`;
  }
}

async function* lines(answer) {
  let rest = "";
  for await (const text of chunks(answer.body.pipeThrough(new TextDecoderStream()))) {
    const parts = (rest + text).split("\n");
    rest = parts.pop();
    yield* parts;
  }
}

/** Iterates over a stream; not all browsers support that directly. */
async function* chunks(stream) {
  const reader = stream.getReader();
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      yield next.value;
    }
  } finally {
    reader.cancel().catch(() => { });
  }
}

/** Splits a line of an event into field and value, without the optional leading space of the value. */
function split(line) {
  const colon = line.indexOf(":");
  return colon < 0 ? [line, ""] : [line.slice(0, colon), line.slice(colon + 1).replace(/^ /, "")];
}
