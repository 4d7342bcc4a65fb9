// Entry point: creates the parts of the page.

import { showAnalytics } from "./analytics.js";
import { confirmChange } from "./change.js";
import { byId, setAttribute, setText } from "./dom.js";
import { showEvents } from "./eventlog.js";
import { count, duration } from "./format.js";
import { keepUp, readAnalytics } from "./live.js";
import { showMatrix } from "./matrix.js";
import { Model } from "./model.js";
import { showTraffic } from "./plots.js";
import { showPools } from "./pools.js";
import { showReplicas } from "./replicas.js";
import { prepareStory } from "./story.js";
import { askForToken } from "./tokens.js";

const model = new Model();
const change = id => confirmChange(model, id);

showReplicas(model, byId("replicas"));
showTraffic(model, byId("traffic"), byId("traffic-note"));
showAnalytics(
  model,
  { table: byId("analytics"), note: byId("analytics-note"), by: byId("analytics-by"), window: byId("analytics-window"), scope: byId("analytics-scope") },
  wanted => {
    model.wanted = wanted;
    if (model.status !== null) {
      readAnalytics(model, AbortSignal.timeout(5_000));
    }
  });
showPools(model, byId("pools"));
showMatrix(
  model,
  { table: byId("matrix"), find: byId("find"), show: byId("show"), note: byId("endpoints-note"), nothing: byId("nothing") },
  { open: prepareStory(model, change), change });
showEvents(model, byId("events"), byId("severe"));

model.on("status", () => {
  const { gatewayId, zone, version, phase, uptimeSeconds, activeRequests } = model.status;
  setText(byId("name"), gatewayId);
  document.title = `${gatewayId} · gateway`;
  for (const self of document.querySelectorAll("b.self")) {
    setText(self, gatewayId);
  }
  setText(byId("facts"), [
    zone === null ? "no zone" : `zone ${zone}`, phase, `up for ${duration(uptimeSeconds)}`, `${count(activeRequests, "request")} in flight`, `version ${version}`,
  ].join(" · "));
});

model.on("link", (state, tries, seconds) => {
  const link = byId("link");
  setAttribute(link, "data-link", state);
  setAttribute(document.body, "data-link", tries > 0 ? "lost" : state);
  setText(link, {
    connecting: tries === 0 ? "Connecting" : `Reconnecting, attempt ${tries}. The data shown is old.`,
    live: "Live",
    locked: "Waiting for the token",
    lost: `Connection lost. The data shown is old. Next attempt in ${seconds} s`,
  }[state]);
});

// The slash key focuses the search field, as on many sites.
addEventListener("keydown", event => {
  if (event.key === "/" && document.querySelector("dialog[open]") === null && !/^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName)) {
    event.preventDefault();
    byId("find").focus();
  }
});

keepUp(model, askForToken);
