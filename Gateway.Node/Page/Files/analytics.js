// The traffic of the last minutes by route, pool or endpoint, of this replica or of all: read every few seconds, and at once when the selection changes.

import { element, setAttribute, setText } from "./dom.js";
import { duration, milliseconds, rate, short } from "./format.js";

const names = {
  route: [["Route", listing => listing.route]],
  pool: [["Pool", listing => listing.pool]],
  endpoint: [["Endpoint", listing => listing.address], ["Pool", listing => listing.pool]],
};

const numbers = [
  ["Requests", "", window => short(window.count)],
  ["Rate", "/s", window => rate(window.perSecond)],
  ["Errors", "", window => window.errors === 0 ? "–" : short(window.errors)],
  ["Error ratio", "", window => percent(window.errorRatio)],
  ["p50", "", window => milliseconds(window.p50Ms)],
  ["p90", "", window => milliseconds(window.p90Ms)],
  ["p99", "", window => milliseconds(window.p99Ms)],
  ["p99.9", "", window => milliseconds(window.p999Ms)],
];

const firstBytes = [
  ["p50", "first byte", window => milliseconds(window.firstByteP50Ms)],
  ["p90", "first byte", window => milliseconds(window.firstByteP90Ms)],
  ["p99", "first byte", window => milliseconds(window.firstByteP99Ms)],
  ["p99.9", "first byte", window => milliseconds(window.firstByteP999Ms)],
];

/**
 * @param parts The elements: table, note, and the selects by, window, scope.
 * @param choose Called with the new selection: by, window, scope.
 */
export function showAnalytics(model, parts, choose) {
  const head = element("thead");
  const body = element("tbody");
  parts.table.append(head, body);
  let shown = null;
  let rows = new Map();

  const chosen = () => ({ by: parts.by.value, window: parts.window.value, scope: parts.scope.value });
  for (const choice of [parts.by, parts.window, parts.scope]) {
    choice.addEventListener("change", () => choose(chosen()));
  }

  model.on("analytics", (wanted, listing) => {
    if (listing === null) {
      setText(parts.note, "cannot load; retrying");
      setAttribute(parts.note, "data-kind", "degraded");
      return;
    }
    if (shown !== wanted.by) {
      shown = wanted.by;
      head.replaceChildren(headOf(wanted.by));
      body.replaceChildren();
      rows = new Map();
    }
    const before = rows;
    rows = new Map();
    const listed = { route: listing.routes, pool: listing.pools, endpoint: listing.endpoints }[wanted.by];
    for (const each of listed) {
      const key = JSON.stringify(names[wanted.by].map(([, of]) => of(each)));
      const row = before.get(key) ?? makeRow(wanted.by, each);
      rows.set(key, row);
      fill(row, wanted.by, each.windows[0]);
    }
    for (const [key, row] of before) {
      if (!rows.has(key)) {
        row.node.remove();
      }
    }
    const nodes = [...rows.values()].map(row => row.node);
    if (nodes.some((node, index) => body.children[index] !== node)) {
      body.append(...nodes); // A new row is inserted at its place.
    }
    setText(parts.note, noteOf(listing, listed[0]?.windows[0].seconds));
    setAttribute(parts.note, "data-kind", listing.missing.length > 0 ? "degraded" : null);
  });

  choose(chosen());
}

function noteOf(listing, seconds) {
  const whose = listing.scope === "cluster" && listing.replicas.length > 1 ? `${listing.replicas.length} replicas together` : listing.replicas.join(", ");
  return [
    `of ${whose}`,
    seconds === undefined ? "no data yet" : `over ${duration(seconds)}`,
    ...listing.missing.map(({ replica, why }) => `without ${replica}: ${why}`),
    ...listing.leftOut === 0 ? [] : [`without the ${listing.leftOut} least busy`],
  ].join(" · ");
}

function columnsOf(by) {
  const [first, ...others] = numbers;
  return by === "endpoint" ? [["Attempts", ...first.slice(1)], ...others, ...firstBytes] : numbers;
}

function headOf(by) {
  return element("tr", {},
    ...names[by].map(([text]) => element("th", { scope: "col" }, text)),
    ...columnsOf(by).map(([text, unit]) => element("th", { scope: "col", class: "number" }, text, unit === "" ? "" : element("span", { class: "unit" }, unit))));
}

function makeRow(by, listing) {
  const [first, ...others] = names[by].map(([, of]) => of(listing));
  const cells = columnsOf(by).map(() => element("td", { class: "number" }));
  return { cells, node: element("tr", {}, element("th", { scope: "row" }, first), ...others.map(text => element("td", {}, text)), ...cells) };
}

function fill(row, by, window) {
  columnsOf(by).forEach(([, , say], index) => setText(row.cells[index], say(window)));
  setAttribute(row.cells[3], "data-kind", window.errors > 0 ? "down" : null);
}

/** Formats an error ratio with two digits; never shows 0 if there were errors. */
function percent(ratio) {
  if (ratio === null || ratio === 0) {
    return "–";
  }
  return ratio < 0.0001 ? "< 0.01 %" : `${short(ratio * 100)} %`;
}
