// The details of one endpoint, updated while they are shown.

import { byId, element, setText } from "./dom.js";
import { duration, milliseconds, short } from "./format.js";
import { wordOf } from "./opinions.js";

const [dialog, title, story, change, close] = ["story-dialog", "story-title", "story", "story-change", "story-close"].map(byId);

export function prepareStory(model, changeEndpoint) {
  let id = null;

  function draw() {
    const endpoint = model.endpoints.get(id);
    if (endpoint === undefined) {
      story.replaceChildren(element("p", {}, "This endpoint no longer exists."));
      change.hidden = true;
      return;
    }
    setText(change, endpoint.draining ? "Undrain…" : "Drain…");
    change.hidden = endpoint.state === "removed";
    story.replaceChildren(factsOf(endpoint), element("h3", {}, "Reports of the replicas"), opinionsOf(endpoint));
  }

  model.on("endpoints", () => dialog.open && draw());
  change.addEventListener("click", () => {
    dialog.close();
    changeEndpoint(id);
  });
  close.addEventListener("click", () => dialog.close());

  return function open(which) {
    id = which;
    setText(title, id);
    draw();
    dialog.showModal();
    close.focus();
  };
}

function factsOf(endpoint) {
  const { breaker, lastProbe, lastFailure, attempts } = endpoint;
  const facts = [
    ["On this replica", endpoint.reason.startsWith(endpoint.state) ? endpoint.reason : `${endpoint.state}: ${endpoint.reason}`],
    ["Settings", `pool ${endpoint.pool}, zone ${endpoint.zone ?? "none"}, weight ${endpoint.weight}, priority ${endpoint.priority}, from ${endpoint.source}`],
    ["Breaker", `${breaker.phase}, epoch ${breaker.epoch}, ${breaker.failures} consecutive failures`
      + (breaker.openForSeconds === null ? "" : `, open for another ${duration(breaker.openForSeconds)}`)
      + (breaker.failedTrials === 0 ? "" : `, ${breaker.failedTrials} trials failed`)],
    ["Last probe", lastProbe === null ? "none from this replica"
      : `${lastProbe.passed ? "passed" : "failed"} ${duration(lastProbe.ageSeconds)} ago in ${milliseconds(lastProbe.latencyMs)}`
        + (lastProbe.detail === "" ? "" : `: ${lastProbe.detail}`)],
    ["Attempts", `${short(attempts.perSecond)}/s, failures ${short(attempts.errorsPerSecond)}/s, retries ${short(attempts.retriesPerSecond)}/s, `
      + `p50 ${milliseconds(attempts.p50Ms)}, p99 ${milliseconds(attempts.p99Ms)}, over the last ${short(attempts.windowSeconds)} s`],
    ["Answers", classesOf(attempts.answersPerSecond, value => `${short(value)}/s`)],
    ["Last failure", lastFailure === null ? "none on this replica"
      : `${duration(lastFailure.ageSeconds)} ago: ${lastFailure.reason}${lastFailure.status === 0 ? "" : ` ${lastFailure.status}`}`
        + (lastFailure.detail === "" ? "" : `: ${lastFailure.detail}`)],
    ["Since the start", `${attempts.total} attempts, ${attempts.errorsTotal} failures, ${attempts.retriesTotal} retries; answers: ${classesOf(attempts.answersTotal, String)}`],
    ["Connections", `${endpoint.openConnections} open, ${endpoint.connectionsCreated} created; ${endpoint.inFlight} in flight`],
  ];
  return element("dl", {}, ...facts.flatMap(([name, text]) => [element("dt", {}, name), element("dd", {}, text)]));
}

/** Formats the answers by status class, omitting empty ones. */
function classesOf(answers, say) {
  const classes = [["1xx", answers.informational], ["2xx", answers.successful], ["3xx", answers.redirection], ["4xx", answers.clientError], ["5xx", answers.serverError]];
  return classes.filter(([, value]) => value > 0).map(([name, value]) => `${name} ${say(value)}`).join(", ") || "none";
}

function opinionsOf(endpoint) {
  const rows = endpoint.opinions.map(opinion => {
    const said = wordOf(opinion, endpoint.opinions);
    return element("tr", {},
      element("th", { scope: "row" }, opinion.replica),
      element("td", {}, opinion.zone ?? "none"),
      element("td", {}, element("span", { class: "mark", "data-kind": said.kind }, said.word), element("span", { class: "more" }, said.more)),
      element("td", {}, opinion.ageSeconds === null ? "" : `for ${duration(opinion.ageSeconds)}`),
      element("td", {}, opinion.why ?? ""));
  });
  return element("div", { class: "scroll" }, element("table", { class: "grid" },
    element("thead", {}, element("tr", {}, ...["Replica", "Zone", "Report", "Since", "Reason"].map(text => element("th", { scope: "col" }, text)))),
    element("tbody", {}, ...rows)));
}
