// What the page knows of the cluster, and who is told when it changes.

export class Model {
  status = null;
  cluster = null;

  /** By id, in the order of pools and settings. */
  endpoints = new Map();

  /** Which traffic of the last minutes is looked at: by, window, scope. */
  wanted = null;

  #listeners = new Map();
  #tick = 0;
  #pushedAt = new Map();

  /** Has something called when a topic changes: status, cluster, endpoints, analytics, event, link, restart. */
  on(topic, listener) {
    this.#listeners.set(topic, [...this.#listeners.get(topic) ?? [], listener]);
  }

  tell(topic, ...what) {
    for (const listener of this.#listeners.get(topic) ?? []) {
      listener(...what);
    }
  }

  /** Where the stream of changes is now: what is asked for from here on may be overtaken by it. */
  get tick() {
    return this.#tick;
  }

  setStatus(status) {
    const restarted = this.status !== null && this.status.startedAt !== status.startedAt;
    this.status = status;
    if (restarted) {
      this.tell("restart");
    }
    this.tell("status");
  }

  setCluster(cluster) {
    this.cluster = cluster;
    this.tell("cluster");
  }

  /**
   * All endpoints, as they were read after a tick. What the stream has said of one since then is newer, and stays.
   */
  setEndpoints(listing, since) {
    const before = this.endpoints;
    this.endpoints = new Map(listing.map(endpoint => [
      endpoint.id,
      this.#pushedAt.get(endpoint.id) > since && before.has(endpoint.id) ? before.get(endpoint.id) : endpoint,
    ]));
    this.tell("endpoints");
  }

  /** Endpoints that look otherwise now. */
  changeEndpoints(listing) {
    this.#tick += 1;
    for (const endpoint of listing) {
      this.#pushedAt.set(endpoint.id, this.#tick);
      this.endpoints.set(endpoint.id, endpoint);
    }
    this.tell("endpoints");
  }

  /** Gateways by zone, then name: the columns of the matrix, and those who have a word. */
  get gateways() {
    return (this.cluster?.replicas ?? [])
      .filter(replica => !replica.sidecar)
      .sort((a, b) => compare(a.zone ?? "", b.zone ?? "") || compare(a.name, b.name) || compare(a.address, b.address));
  }
}

function compare(a, b) {
  return a < b ? -1 : a > b ? 1 : 0;
}
