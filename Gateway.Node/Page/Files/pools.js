// The pools: the number of available endpoints, and the use of the retry budget.

import { element, setAttribute, setText } from "./dom.js";
import { short } from "./format.js";

const columns = ["Pool", "Strategy", "Available", "In flight", "Retries / requests", "Priorities", "Zones"];

export function showPools(model, table) {
  const body = element("tbody");
  table.append(element("thead", {}, element("tr", {}, ...columns.map(text => element("th", { scope: "col" }, text)))), body);
  const rows = new Map();

  model.on("status", () => {
    for (const [name, row] of rows) {
      if (!model.status.pools.some(pool => pool.name === name)) {
        row.node.remove();
        rows.delete(name);
      }
    }
    for (const pool of model.status.pools) {
      const row = rows.get(pool.name) ?? makeRow(pool.name);
      rows.set(pool.name, row);
      fill(row, pool);
      if (row.node.parentNode === null) {
        body.append(row.node);
      }
    }
  });
}

function makeRow(name) {
  const cells = columns.slice(1).map(() => element("td"));
  return { cells, node: element("tr", {}, element("th", { scope: "row" }, name), ...cells) };
}

function fill(row, pool) {
  const [strategy, available, inFlight, budget, priorities, zones] = row.cells;
  setText(strategy, pool.strategy);
  setText(available, `${pool.available} of ${pool.endpoints}${pool.panic ? ", panic: all are used" : ""}`);
  setAttribute(available, "data-kind", pool.panic || pool.available === 0 ? "down" : pool.available < pool.endpoints ? "degraded" : null);
  setText(inFlight, String(pool.inFlight));
  setText(budget, `${short(pool.retriesUsed)} / ${short(pool.requestsBegun)}`);
  setText(priorities, pool.priorities.map(level => `${level.priority}: ${level.load} % (${level.healthy} of ${level.endpoints})`).join(", "));
  setText(zones, pool.zones);
}
