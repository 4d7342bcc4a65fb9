// Traffic of this replica as moving plots. Each point covers the ten seconds before it; there is one point per second.

import { element, setText, shape } from "./dom.js";
import { milliseconds, short } from "./format.js";

const seconds = 300;
const [width, height] = [300, 100];

const kinds = [
  { title: "Requests", unit: "per second", series: [{ name: "requests/s", of: requests => requests.perSecond, say: perSecond }] },
  {
    title: "Latency",
    unit: "of complete requests",
    series: [
      { name: "p50", of: requests => requests.p50Ms, say: milliseconds },
      { name: "p99", of: requests => requests.p99Ms, say: milliseconds },
    ],
  },
  { title: "Errors", unit: "answers 500 to 599 per second", series: [{ name: "errors/s", of: requests => requests.errorsPerSecond, say: perSecond }] },
  { title: "Retries", unit: "retries per second", series: [{ name: "retries/s", of: requests => requests.retriesPerSecond, say: perSecond }] },
];

export function showTraffic(model, root, note) {
  const plots = kinds.map(makePlot);
  root.replaceChildren(...plots.map(plot => plot.node));

  model.on("status", () => {
    const { gatewayId, requests } = model.status;
    setText(note, requests.windowSeconds === 0
      ? `of ${gatewayId} · waiting for the first samples`
      : `of ${gatewayId} · each point covers the ${short(requests.windowSeconds)} s before it · last 5 min`);
    const at = performance.now() / 1_000;
    plots.forEach(plot => plot.add(at, requests.windowSeconds === 0 ? null : requests));
  });
}

function makePlot(kind) {
  const points = []; // { at, values }, a gap while it was not connected
  const lines = kind.series.map((_, index) => shape("path", { class: `line line-${index + 1}`, "vector-effect": "non-scaling-stroke" }));
  const top = element("span", { class: "top-value" });
  const now = kind.series.map((series, index) => {
    const value = element("b", {}, "–");
    return { value, node: element("span", { class: `now now-${index + 1}` }, `${series.name} `, value) };
  });
  const drawing = shape("svg", { viewBox: `0 0 ${width} ${height}`, preserveAspectRatio: "none", "aria-hidden": "true" },
    shape("path", { class: "grid-line", d: `M0 ${height / 2}H${width}`, "vector-effect": "non-scaling-stroke" }), ...lines);
  const node = element("figure", { class: "plot", "data-plot": kind.title },
    element("figcaption", {}, element("b", {}, kind.title), " ", element("span", { class: "note" }, kind.unit)),
    element("p", { class: "values" }, ...now.map(each => each.node)),
    element("div", { class: "canvas" }, top, drawing, element("span", { class: "ends" }, element("span", {}, "5 min ago"), element("span", {}, "now"))));

  function add(at, requests) {
    const values = kind.series.map(series => requests === null ? null : series.of(requests));
    points.push({ at, values });
    while (points[0].at < at - seconds) {
      points.shift();
    }
    const most = niceTop(Math.max(...points.flatMap(point => point.values.map(value => value ?? 0))));
    setText(top, kind.series[0].say(most));
    lines.forEach((line, index) => line.setAttribute("d", pathOf(points, index, at, most)));
    now.forEach((each, index) => setText(each.value, kind.series[index].say(values[index])));
  }

  return { node, add };
}

/** A line with gaps where nothing was measured or the replica was unreachable. */
function pathOf(points, index, now, most) {
  let path = "";
  let last = null;
  for (const { at, values } of points) {
    const value = values[index];
    if (value !== null && value !== undefined) {
      const x = width - (now - at) / seconds * width;
      const y = height - value / most * (height - 2) - 1;
      path += `${last !== null && at - last < 4 ? "L" : "M"}${x.toFixed(1)} ${y.toFixed(1)}`;
      last = at;
    }
  }
  return path;
}

/** Rounds up to 1, 2, 5, 10, 20 and so on, so that the scale does not change with every point. */
function niceTop(most) {
  if (most <= 0) {
    return 1;
  }
  const power = 10 ** Math.floor(Math.log10(most));
  return [1, 2, 5, 10].map(step => step * power).find(step => step >= most);
}

function perSecond(value) {
  return value === null ? "–" : `${short(value)}/s`;
}
