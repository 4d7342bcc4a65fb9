// The replicas, by zone: their status, whether they are reachable, and how many endpoints each reports as down.

import { element, setAttribute, setText } from "./dom.js";
import { count } from "./format.js";
import { opinionOf } from "./opinions.js";

export function showReplicas(model, root) {
  let shape = null;
  let cards = [];

  function draw() {
    const replicas = [...model.cluster?.replicas ?? []].sort((a, b) => (a.zone ?? "") < (b.zone ?? "") ? -1 : a.zone === b.zone && a.name < b.name ? -1 : 1);
    const wanted = JSON.stringify(replicas.map(replica => [replica.zone, replica.name, replica.address, replica.self]));
    if (wanted !== shape) {
      shape = wanted;
      cards = replicas.map(makeCard);
      root.replaceChildren(...byZone(replicas, cards));
    }
    cards.forEach((card, index) => fill(card, replicas[index]));
  }

  function fill(card, replica) {
    const state = replica.reachable ? replica.status : "unreachable";
    setAttribute(card.node, "data-kind", state === "up" ? "up" : state === "unreachable" || state === "down" ? "down" : "degraded");
    setText(card.state, state.replace("-", " "));
    const down = [...model.endpoints.values()].filter(endpoint => opinionOf(endpoint, replica)?.opinion === "bad").length;
    const roles = [
      replica.self ? "this page" : "",
      replica.address === model.cluster.leader ? "leader" : "",
      replica.address === model.cluster.oldest ? "oldest" : "",
      replica.sidecar ? "sidecar, no vote" : down === 0 ? "all endpoints up" : `${count(down, "endpoint")} down`,
    ];
    setText(card.roles, roles.filter(Boolean).join(" · "));
  }

  model.on("cluster", draw);
  model.on("endpoints", draw);
}

function makeCard(replica) {
  const state = element("span", { class: "mark" });
  const roles = element("span", { class: "roles" });
  const node = element("li", { class: "replica" },
    element("span", { class: "line" }, element("b", {}, replica.name), state),
    element("span", { class: "address" }, replica.address),
    roles);
  return { node, state, roles };
}

function byZone(replicas, cards) {
  const zones = new Map();
  replicas.forEach((replica, index) => {
    const zone = replica.zone ?? "";
    zones.set(zone, [...zones.get(zone) ?? [], cards[index].node]);
  });
  return [...zones].map(([zone, nodes]) => element("section", { class: "zone" },
    element("h3", {}, zone === "" ? "no zone" : `zone ${zone}`),
    element("ul", {}, ...nodes)));
}
