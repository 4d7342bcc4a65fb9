// How the page talks to its replica: JSON, a stream of events, commands with streamed answers. All requests bear the token, where there is
// one; therefore events come by fetch too, since an EventSource cannot send header fields.

const tokenKey = "gateway-token";
const patience = 5_000;

/** The replica has answered, and not done it. */
export class Refused extends Error {
  constructor(status, detail) {
    super(detail);
    this.status = status;
  }
}

export function hasToken() {
  return sessionStorage.getItem(tokenKey) !== null;
}

/** Keeps a token for as long as this tab is open. */
export function keepToken(token) {
  sessionStorage.setItem(tokenKey, token);
}

export function forgetToken() {
  sessionStorage.removeItem(tokenKey);
}

/** What is at a path, as JSON. Gives up after five seconds. */
export async function read(path, signal) {
  const answer = await ask(path, { signal: AbortSignal.any([signal, AbortSignal.timeout(patience)]) });
  return answer.json();
}

/**
 * The events from now on, and the endpoints that look otherwise, as { id, type, data }. The first that comes is null: from then on
 * nothing is missed.
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

/** Runs a command; what it says, piece by piece. */
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

/** A stream can be iterated over by itself in some browsers only. */
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

/** A line of an event: its field and its value, without the one space that may stand before that. */
function split(line) {
  const colon = line.indexOf(":");
  return colon < 0 ? [line, ""] : [line.slice(0, colon), line.slice(colon + 1).replace(/^ /, "")];
}
