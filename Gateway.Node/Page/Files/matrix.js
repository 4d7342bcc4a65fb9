// The endpoints: a row for each, a column for each replica's opinion. Rows are created once and then changed cell by cell, so that hundreds
// of them cost little and the focus stays where it is.

import { element, setAttribute, setText } from "./dom.js";
import { count } from "./format.js";
import { isTroubled } from "./opinions.js";
import { makeRow } from "./row.js";

const before = ["Endpoint", "Here"];
const after = [["In flight", ""], ["Attempts", "/s"], ["Failures", "/s"], ["4xx", "/s"], ["5xx", "/s"], ["Retries", "/s"], ["p50", ""], ["p99", ""], ["", ""]];

/**
 * @param parts The elements: table, find, show, note, nothing.
 * @param actions Called by the buttons of a row: open(id), change(id).
 */
export function showMatrix(model, parts, actions) {
  const head = element("thead", { role: "rowgroup" });
  const body = element("tbody", { role: "rowgroup" });
  parts.table.append(head, body);
  const rows = new Map();
  let columns = null;

  function draw() {
    const gateways = model.gateways;
    const wanted = JSON.stringify(gateways.map(gateway => [gateway.zone, gateway.name, gateway.address, gateway.self, gateway.reachable]));
    if (wanted !== columns) {
      columns = wanted;
      head.replaceChildren(...headOf(gateways));
      rows.clear();
      body.replaceChildren();
    }
    for (const [id, row] of rows) {
      if (!model.endpoints.has(id)) {
        row.node.remove();
        rows.delete(id);
      }
    }
    let place = body.firstChild;
    for (const [id, endpoint] of model.endpoints) {
      const row = rows.get(id) ?? makeRow(endpoint, gateways, actions);
      rows.set(id, row);
      row.fill(endpoint);
      if (row.node === place) {
        place = place.nextSibling;
      } else {
        body.insertBefore(row.node, place);
      }
    }
    sift();
  }

  /** Hides the rows that do not match the filter. */
  function sift() {
    const words = parts.find.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const [id, row] of rows) {
      const visible = isWanted(model.endpoints.get(id), words, parts.show.value);
      setAttribute(row.node, "hidden", !visible);
      shown += visible ? 1 : 0;
    }
    const troubled = [...model.endpoints.values()].filter(isTroubled).length;
    setText(parts.note, `${shown === rows.size ? count(rows.size, "endpoint") : `${shown} of ${count(rows.size, "endpoint")}`}, ${troubled === 0 ? "no problems" : `${troubled} with problems`}`);
    setAttribute(parts.nothing, "hidden", shown > 0);
    setText(parts.nothing, shown > 0 ? "" : rows.size === 0 ? "No endpoints." : "No endpoints match the filter.");
  }

  model.on("cluster", draw);
  model.on("endpoints", draw);
  parts.find.addEventListener("input", sift);
  parts.show.addEventListener("change", sift);
}

function isWanted(endpoint, words, show) {
  if ((show === "troubled" && !isTroubled(endpoint)) || (show === "draining" && !endpoint.draining)) {
    return false;
  }
  const text = `${endpoint.id} ${endpoint.zone ?? ""} ${endpoint.state} ${endpoint.source}`.toLowerCase();
  return words.every(word => text.includes(word));
}

/** Two lines: zones over their replicas. */
function headOf(gateways) {
  const zones = [];
  for (const gateway of gateways) {
    if (zones.at(-1)?.zone === gateway.zone) {
      zones.at(-1).span += 1;
    } else {
      zones.push({ zone: gateway.zone, span: 1 });
    }
  }
  const over = { role: "columnheader", scope: "col", rowspan: 2 };
  return [
    element("tr", { role: "row" },
      ...before.map(text => element("th", over, text)),
      ...zones.map(({ zone, span }) => element("th", { role: "columnheader", scope: "colgroup", colspan: span, class: "zone-name" }, zone === null ? "no zone" : `zone ${zone}`)),
      ...after.map(([text, unit]) => element("th", { ...over, class: "number" }, text === "" ? element("span", { class: "unseen" }, "Change") : text, unit === "" ? "" : element("span", { class: "unit" }, unit)))),
    element("tr", { role: "row" },
      ...gateways.map(gateway => element("th", { role: "columnheader", scope: "col", class: gateway.self ? "opinion self-column" : "opinion" },
        gateway.name, gateway.reachable ? "" : element("span", { class: "unit" }, "unreachable")))),
  ];
}
