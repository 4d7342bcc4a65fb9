// What one replica says of an endpoint, in words and as a mark. The word carries the meaning; shape and colour only help to find it.

import { duration } from "./format.js";

/** What a replica's opinion comes to. Kinds: up, degraded, down, stale, none. */
export function wordOf(opinion) {
  if (opinion === undefined) {
    return { kind: "none", word: "no word", more: "" };
  }
  if (!opinion.fresh) {
    return { kind: "stale", word: "stale", more: opinion.opinion === "none" ? "" : `was ${wordOf({ ...opinion, fresh: true }).word}` };
  }
  const breaker = opinion.breaker === "closed" ? "" : `breaker ${opinion.breaker}`;
  switch (opinion.opinion) {
    case "bad":
      return { kind: "down", word: "down", more: [opinion.verdict === "unhealthy" ? "probes fail" : "", breaker].filter(Boolean).join(", ") };
    case "good":
      return opinion.verdict === "degraded" ? { kind: "degraded", word: "degraded", more: "" } : { kind: "up", word: "up", more: "" };
    default:
      return { kind: "none", word: "none", more: "" };
  }
}

/** The same as one sentence, for who points at it. */
export function sentenceOf(opinion, name) {
  const { word, more } = wordOf(opinion);
  if (opinion === undefined) {
    return `${name} has said nothing`;
  }
  const age = opinion.ageSeconds === null ? "" : `, for ${duration(opinion.ageSeconds)}`;
  return `${name}: ${word}${more === "" ? "" : ` (${more})`}${age}${opinion.why ? `; ${opinion.why}` : ""}`;
}

/** The opinion of a replica among those of an endpoint. */
export function opinionOf(endpoint, replica) {
  return endpoint.opinions.find(opinion => replica.self ? opinion.self : !opinion.self && opinion.replica === replica.name);
}

/** Whether somebody should look at it: it is out, or on its way, or someone has it down. */
export function isTroubled(endpoint) {
  return endpoint.state !== "available" || endpoint.opinions.some(opinion => opinion.opinion === "bad");
}
