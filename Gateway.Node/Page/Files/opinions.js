// What one replica says of an endpoint, in words and as a mark. The word carries the meaning; shape and colour only help to find it.

import { duration } from "./format.js";

/** So many of a zone must agree to take an endpoint from a replica of it that does not look itself (docs/shared-evidence.md, row 6). */
const majority = 2;

/**
 * What a replica's opinion comes to. Kinds: up, degraded, down, stale, none.
 * @param all The opinions of all replicas on the endpoint: who has none goes by its zone.
 */
export function wordOf(opinion, all) {
  if (opinion === undefined) {
    return { kind: "none", word: "no report", more: "" };
  }
  if (!opinion.fresh) {
    return { kind: "stale", word: "stale", more: opinion.opinion === "none" ? "" : `was ${wordOf({ ...opinion, fresh: true }, []).word}` };
  }
  const breaker = opinion.breaker === "closed" ? "" : `breaker ${opinion.breaker}`;
  switch (opinion.opinion) {
    case "bad":
      return { kind: "down", word: "down", more: [opinion.verdict === "unhealthy" ? "probes fail" : "", breaker].filter(Boolean).join(", ") };
    case "good":
      return opinion.verdict === "degraded" ? { kind: "degraded", word: "degraded", more: "" } : { kind: "up", word: "up", more: "" };
    default:
      return isDownInZone(opinion, all) ? { kind: "down", word: "down", more: "by its zone" } : { kind: "none", word: "none", more: "" };
  }
}

function isDownInZone(opinion, all) {
  const others = all.filter(other => other !== opinion && other.fresh && other.zone === opinion.zone);
  const bad = others.filter(other => other.opinion === "bad").length;
  return bad >= majority && bad > others.filter(other => other.opinion === "good").length;
}

/** The same as one sentence, for who points at it. */
export function sentenceOf(opinion, all, name) {
  const { word, more } = wordOf(opinion, all);
  if (opinion === undefined) {
    return `no report from ${name}`;
  }
  const age = opinion.ageSeconds === null ? "" : `, for ${duration(opinion.ageSeconds)}`;
  return `${name}: ${word}${more === "" ? "" : ` (${more})`}${age}${opinion.why ? `; ${opinion.why}` : ""}`;
}

/** The opinion of a replica among those of an endpoint. */
export function opinionOf(endpoint, replica) {
  return endpoint.opinions.find(opinion => replica.self ? opinion.self : !opinion.self && opinion.replica === replica.name);
}

/** The share of answers with 500 to 599 from which an endpoint is not well, although it is picked. */
const failingShare = 0.05;

/** Whether so many of its answers to this replica are server errors that clients must notice. */
export function isFailing(endpoint) {
  const answers = endpoint.attempts.answersPerSecond;
  const all = Object.values(answers).reduce((sum, each) => sum + each, 0);
  return answers.serverError > 0 && answers.serverError >= failingShare * all;
}

/** Whether somebody should look at it: it is out by what was seen of it, or on its way, or someone has it down, or it answers with errors. */
export function isTroubled(endpoint) {
  return !["available", "draining", "removed"].includes(endpoint.state) || endpoint.opinions.some(opinion => opinion.opinion === "bad") || isFailing(endpoint);
}
