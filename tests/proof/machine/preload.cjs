// Read by every node that a proof starts: the hosts of the proof are on loopback, and there are no others.
"use strict";
const net = require("node:net");

const hosts = new Set(process.env.PROOF_HOSTS.split(" "));
const port = Number(process.env.PROOF_PORT);
const connect = net.Socket.prototype.connect;

net.Socket.prototype.connect = function (...given) {
  const normalized = Array.isArray(given[0]) ? given[0] : given;
  const options = normalized[0];
  if (options && typeof options === "object" && !options.path) {
    if (hosts.has(options.host)) {
      normalized[0] = { ...options, host: "127.0.0.1", port, lookup: undefined };
    } else if (options.host && options.host !== "127.0.0.1") {
      throw new Error(`${options.host} is no host of the proof`);
    }
  }
  return connect.apply(this, given);
};
