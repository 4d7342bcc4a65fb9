// The page's state of the cluster, and the listeners to its changes.

export class Model {
  status = null;
  cluster = null;

  /** By id, in the order of pools and settings. */
  endpoints = new Map();

  /** The selected traffic of the last minutes: by, window, scope. */
  wanted = null;

  #listeners = new Map();
  #tick = 0;
  #pushedAt = new Map();

  /** Registers a listener for a topic: status, cluster, endpoints, analytics, event, link, restart. */
  on(topic, listener) {
    this.#listeners.set(topic, [...this.#listeners.get(topic) ?? [], listener]);
  }

  tell(topic, ...what) {
    for (const listener of this.#listeners.get(topic) ?? []) {
      listener(...what);
    }
  }

  /** The current position in the stream of changes: later changes may overtake a request made now. */
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
   * Sets all endpoints, as read after a tick. Changes that the stream has reported since then are newer, and stay.
   */
  setEndpoints(listing, since) {
    const before = this.endpoints;
    this.endpoints = new Map(listing.map(endpoint => [
      endpoint.id,
      this.#pushedAt.get(endpoint.id) > since && before.has(endpoint.id) ? before.get(endpoint.id) : endpoint,
    ]));
    this.tell("endpoints");
  }

  /** Updates the endpoints that have changed. */
  changeEndpoints(listing) {
    this.#tick += 1;
    for (const endpoint of listing) {
      this.#pushedAt.set(endpoint.id, this.#tick);
      this.endpoints.set(endpoint.id, endpoint);
    }
    this.tell("endpoints");
  }

  /** Gateways by zone, then name: the columns of the matrix, and the replicas with an opinion. */
  get gateways() {
    return (this.cluster?.replicas ?? [])
      .filter(replica => !replica.sidecar)
      .sort((a, b) => compare(a.zone ?? "", b.zone ?? "") || compare(a.name, b.name) || compare(a.address, b.address));
  }
}

function compare(a, b) {
  return a < b ? -1 : a > b ? 1 : 0;
}
