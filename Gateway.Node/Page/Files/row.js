// One endpoint in the matrix.

import { element, setAttribute, setText } from "./dom.js";
import { milliseconds, rate } from "./format.js";
import { isFailing, opinionOf, sentenceOf, wordOf } from "./opinions.js";

const stateKinds = { available: "up", suspect: "degraded", trial: "degraded", ejected: "down", draining: "draining", removed: "none" };

/** @returns The row and a function that fills it. Cells have labels for the narrow layout, which has no heading. */
export function makeRow(endpoint, gateways, actions) {
  const id = endpoint.id;
  const name = element("button", { type: "button", class: "name", "aria-haspopup": "dialog" }, endpoint.address);
  const about = element("span", { class: "about" });
  const state = element("span", { class: "mark" });
  const reason = element("span", { class: "more" });
  const opinions = gateways.map(gateway => makeOpinion(gateway));
  const numbers = ["in flight", "attempts/s", "failures/s", "4xx/s", "5xx/s", "retries/s", "p50", "p99"].map(label => element("td", { role: "cell", class: "number", "data-label": label }));
  const change = element("button", { type: "button", "aria-haspopup": "dialog" });
  name.addEventListener("click", () => actions.open(id));
  change.addEventListener("click", () => actions.change(id));
  const node = element("tr", { role: "row", "data-endpoint": id },
    element("th", { role: "rowheader", scope: "row" }, name, about),
    element("td", { role: "cell", class: "state", "data-label": "here" }, state, reason),
    ...opinions.map(opinion => opinion.node),
    ...numbers,
    element("td", { role: "cell", class: "change" }, change));

  function fill(now) {
    setText(about, [now.pool, now.zone === null ? "" : `zone ${now.zone}`, now.weight === 1 ? "" : `weight ${now.weight}`, now.source === "settings" ? "" : now.source].filter(Boolean).join(" · "));
    setAttribute(node, "data-state", now.state);
    setAttribute(state, "data-kind", stateKinds[now.state] ?? "none");
    setText(state, now.state);
    setText(reason, now.state === "available" ? "" : now.reason.replace(`${now.state} (`, "("));
    setAttribute(state, "title", now.reason);
    opinions.forEach(opinion => opinion.fill(now));
    const attempts = now.attempts;
    [
      now.inFlight === 0 ? "–" : String(now.inFlight), rate(attempts.perSecond), rate(attempts.errorsPerSecond), rate(attempts.answersPerSecond.clientError),
      rate(attempts.answersPerSecond.serverError), rate(attempts.retriesPerSecond),
      milliseconds(attempts.p50Ms), milliseconds(attempts.p99Ms),
    ].forEach((text, index) => setText(numbers[index], text));
    setAttribute(numbers[2], "data-kind", attempts.errorsPerSecond > 0 ? "down" : null);
    setAttribute(numbers[4], "data-kind", attempts.answersPerSecond.serverError === 0 ? null : isFailing(now) ? "down" : "degraded");
    const gone = now.state === "removed";
    setAttribute(change, "hidden", gone);
    setText(change, now.draining ? "Undrain" : "Drain");
    setAttribute(change, "aria-label", `${now.draining ? "Undrain" : "Drain"} ${id}`);
  }

  fill(endpoint);
  return { node, fill };
}

function makeOpinion(gateway) {
  const mark = element("span", { class: "mark" });
  const more = element("span", { class: "more" });
  const node = element("td", { role: "cell", class: gateway.self ? "opinion self-column" : "opinion", "data-label": gateway.name, "data-replica": gateway.name }, mark, more);

  function fill(endpoint) {
    const opinion = opinionOf(endpoint, gateway);
    const said = wordOf(opinion, endpoint.opinions);
    setAttribute(node, "data-opinion", said.kind);
    setAttribute(mark, "data-kind", said.kind);
    setText(mark, said.word);
    setText(more, said.more);
    setAttribute(node, "title", sentenceOf(opinion, endpoint.opinions, gateway.name));
  }

  return { node, fill };
}
