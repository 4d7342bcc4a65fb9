// The events of this replica, newest first.

import { element, setAttribute } from "./dom.js";
import { timeOfDay } from "./format.js";

const kept = 300;
const levels = { critical: "error", error: "error", warning: "warning" };

export function showEvents(model, list, severe) {
  model.on("event", event => {
    const level = levels[event.level] ?? "info";
    list.prepend(element("li", { class: "event", "data-level": level, hidden: severe.checked && level === "info" },
      element("time", { datetime: event.time, title: event.time }, timeOfDay(event.time)),
      element("span", { class: "level" }, level),
      element("span", { class: "text" }, event.text)));
    while (list.childElementCount > kept) {
      list.lastElementChild.remove();
    }
  });
  model.on("restart", () => list.prepend(element("li", { class: "event", "data-level": "info" },
    element("time"), element("span", { class: "level" }, "info"), element("span", { class: "text" }, "the replica restarted"))));
  severe.addEventListener("change", () => {
    for (const item of list.children) {
      setAttribute(item, "hidden", severe.checked && item.dataset.level === "info");
    }
  });
}
