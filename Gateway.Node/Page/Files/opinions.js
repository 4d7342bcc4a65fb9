// One replica's opinion of an endpoint, as text and as a mark. The text carries the meaning; shape and colour only help to find it.

import { duration } from "./format.js";

/** The number of replicas of a zone that must agree to eject an endpoint for one that does not probe it (docs/shared-evidence.md, row 6). */
const majority = 2;

/**
 * Summarizes a replica's opinion. Kinds: up, degraded, down, stale, none.
 * @param all The opinions of all replicas on the endpoint: a replica without one follows its zone.
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

/** The same as one sentence, for the tooltip. */
export function sentenceOf(opinion, all, name) {
  const { word, more } = wordOf(opinion, all);
  if (opinion === undefined) {
    return `no report from ${name}`;
  }
  const age = opinion.ageSeconds === null ? "" : `, for ${duration(opinion.ageSeconds)}`;
  return `${name}: ${word}${more === "" ? "" : ` (${more})`}${age}${opinion.why ? `; ${opinion.why}` : ""}`;
}

/** Returns the opinion of a replica about an endpoint. */
export function opinionOf(endpoint, replica) {
  return endpoint.opinions.find(opinion => replica.self ? opinion.self : !opinion.self && opinion.replica === replica.name);
}

/** The share of answers with 500 to 599 from which an endpoint in use counts as having problems. */
const failingShare = 0.05;

/** Whether the share of server errors in its answers to this replica is that high. */
export function isFailing(endpoint) {
  const answers = endpoint.attempts.answersPerSecond;
  const all = Object.values(answers).reduce((sum, each) => sum + each, 0);
  return answers.serverError > 0 && answers.serverError >= failingShare * all;
}

/** Whether it needs attention: it is out of rotation or suspect, a replica reports it as down, or it answers with errors. */
export function isTroubled(endpoint) {
  return !["available", "draining", "removed"].includes(endpoint.state) || endpoint.opinions.some(opinion => opinion.opinion === "bad") || isFailing(endpoint);
}
