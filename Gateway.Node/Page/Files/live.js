// Keeps the model up to date: a stream reports events and changed endpoints at once, and polling updates the constantly changing
// numbers. If the connection to the replica is lost, it reconnects until it succeeds.

import { events, forgetToken, hasToken, read, Refused } from "./api.js";

const statusEvery = 1_000;
const restEvery = 2_000;
const analyticsEvery = 5_000;

/** The delay between an event and reading everything, so that several events cause one read. */
const gathering = 200;

/** The delays before each further attempt; the last one repeats. */
const pauses = [250, 500, 1_000, 2_000, 4_000];

/**
 * Runs as long as the page is open.
 * @param askForToken Called when the replica requires a token, with whether the last one was wrong; returns when another was entered.
 */
export async function keepUp(model, askForToken) {
  let tries = 0;
  while (true) {
    try {
      model.tell("link", "connecting", tries);
      await session(model, () => {
        tries = 0;
        model.tell("link", "live", 0);
      });
    } catch (error) {
      if (error instanceof Refused && error.status === 401) {
        const wrong = hasToken();
        forgetToken();
        model.tell("link", "locked", 0);
        await askForToken(wrong);
        continue;
      }
    }
    await pause(pauses[Math.min(tries, pauses.length - 1)], left => model.tell("link", "lost", tries, left));
    tries += 1;
  }
}

/** Runs one connection until it is lost; does not return before. */
async function session(model, connected) {
  const ending = new AbortController();
  try {
    const status = await read("/status", ending.signal);
    // The sequence of events restarts with the replica.
    const same = model.status?.startedAt === status.startedAt;
    model.setStatus(status);
    await Promise.race([follow(model, same ? lastEvent : 0, connected, ending.signal), repeat(statusEvery, () => readStatus(model, ending.signal), ending.signal)]);
  } finally {
    ending.abort();
  }
}

let lastEvent = 0;

async function follow(model, after, connected, signal) {
  lastEvent = after;
  let reading = null;
  for await (const event of events(after, signal)) {
    if (event === null) {
      await readRest(model, signal);
      connected();
      reading = repeat(restEvery, () => document.hidden ? null : readRest(model, signal), signal);
      reading.catch(() => { }); // The status is read more often, and fails at the same time.
      keepAnalytics(model, signal);
    } else if (event.type === "endpoints-changed") {
      model.changeEndpoints(event.data.endpoints);
    } else {
      lastEvent = event.id ?? lastEvent;
      model.tell("event", event.data);
      soon(model, signal);
    }
  }
  throw new Error("the stream ended");
}

async function readStatus(model, signal) {
  model.setStatus(await read("/status", signal));
}

async function readRest(model, signal) {
  const tick = model.tick;
  const [cluster, listing] = await Promise.all([read("/cluster", signal), read("/endpoints", signal)]);
  model.setCluster(cluster);
  model.setEndpoints(listing.endpoints, tick);
}

/** Reads the traffic of the last minutes for the current selection. A failure is shown, and the next turn reads again. */
export async function readAnalytics(model, signal) {
  const wanted = model.wanted;
  let listing = null;
  try {
    listing = await read(`/analytics?${new URLSearchParams(wanted)}`, signal);
  } catch {
    // The listing stays null.
  }
  if (model.wanted === wanted) {
    model.tell("analytics", wanted, listing);
  }
}

async function keepAnalytics(model, signal) {
  await readAnalytics(model, signal);
  await repeat(analyticsEvery, () => document.hidden ? null : readAnalytics(model, signal), signal);
}

let due = false;

/** The event may have changed the members of the cluster. */
function soon(model, signal) {
  if (!due) {
    due = true;
    setTimeout(() => {
      due = false;
      if (!signal.aborted) {
        readRest(model, signal).catch(() => { }); // Other requests detect a lost connection.
      }
    }, gathering);
  }
}

async function repeat(every, action, signal) {
  while (!signal.aborted) {
    await delay(every);
    if (!signal.aborted) {
      await action();
    }
  }
}

function delay(milliseconds) {
  return new Promise(resolve => setTimeout(resolve, milliseconds));
}

/** Waits and shows the remaining seconds; ends at once when the browser is online again. */
async function pause(milliseconds, say) {
  const woken = new AbortController();
  const wake = new Promise(resolve => addEventListener("online", resolve, { once: true, signal: woken.signal }));
  const until = performance.now() + milliseconds;
  const count = async () => {
    for (let left = milliseconds; left > 0; left = until - performance.now()) {
      say(Math.ceil(left / 1_000));
      await delay(Math.min(left, 1_000));
    }
  };
  await Promise.race([count(), wake]);
  woken.abort();
}
