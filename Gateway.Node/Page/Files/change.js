// The dialog for draining and undraining: describes the effect, and after confirmation shows the progress.

import { run } from "./api.js";
import { byId, element, setText } from "./dom.js";
import { count } from "./format.js";

const [dialog, title, text, output, cancel, go] =
  ["change-dialog", "change-title", "change-text", "change-output", "change-cancel", "change-go"].map(byId);

let watching = null;

/** Opens the dialog. Nothing changes until it is confirmed. */
export function confirmChange(model, id) {
  const endpoint = model.endpoints.get(id);
  if (endpoint === undefined) {
    return;
  }
  const verb = endpoint.draining ? "undrain" : "drain";
  setText(title, `${endpoint.draining ? "Undrain" : "Drain"} ${id}?`);
  text.replaceChildren(element("ul", {}, ...effects(model, endpoint).map(line => element("li", {}, line))));
  output.replaceChildren();
  output.hidden = true;
  setText(cancel, "Cancel");
  setText(go, endpoint.draining ? "Undrain" : "Drain");
  go.hidden = false;
  go.onclick = () => carryOut(["gateway", verb, id]);
  dialog.showModal();
  cancel.focus();
}

function effects(model, endpoint) {
  const replicas = model.gateways.length === 1 ? "This replica" : `Each of the ${model.gateways.length} replicas`;
  if (endpoint.draining) {
    return [`${replicas} sends requests to it again, if its probes and breaker allow.`];
  }
  const pool = model.status.pools.find(each => each.name === endpoint.pool);
  const left = [...model.endpoints.values()].filter(each => each.pool === endpoint.pool && each.id !== endpoint.id && each.state === "available").length;
  return [
    `${replicas} stops sending new requests to it. Requests in flight finish; ${model.status.gatewayId} has ${endpoint.inFlight} now.`,
    left === 0
      ? `Warning: no other endpoint of pool ${endpoint.pool} is available. Its requests may get 503.`
      : `Pool ${endpoint.pool} continues with ${left} of its ${count(pool?.endpoints ?? 0, "endpoint")}.`,
    "This overrides the settings until the endpoint is undrained or reverted.",
  ];
}

async function carryOut(words) {
  watching = new AbortController();
  go.hidden = true;
  output.hidden = false;
  setText(cancel, "Close");
  cancel.focus();
  let ended = false;
  try {
    for await (const piece of run(words, watching.signal)) {
      ended ||= piece.kind === "done" || piece.kind === "failed";
      const line = lineOf(piece);
      if (line !== null) {
        say(line, piece.kind === "failed" ? "error" : "info");
      }
    }
    if (!ended) {
      say("The replica did not report the result.", "error");
    }
  } catch (error) {
    if (error.name !== "AbortError") {
      say(`Failed: ${error.message}`, "error");
    }
  }
}

function lineOf(piece) {
  switch (piece.kind) {
    case "line":
      return piece.text;
    case "row":
      return `in flight: ${piece.cells[0]} (${piece.cells[1]})`;
    case "failed":
      return `Failed: ${piece.text}`;
    case "done":
      return "Done.";
    default:
      return null;
  }
}

function say(line, level) {
  output.append(element("li", { "data-level": level }, line));
  output.scrollTop = output.scrollHeight;
}

cancel.addEventListener("click", () => dialog.close());
dialog.addEventListener("close", () => watching?.abort());
