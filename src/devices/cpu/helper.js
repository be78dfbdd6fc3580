// A helper's thread, started from its text: in a browser from a blob, in Node by evaluation. It imports nothing, so that
// no bundler and no server have to know about it.

const port = typeof require === "function" ? require("node:worker_threads").parentPort : globalThis;

port.onmessage = ({ data: { module, memory, kernels, team, scratch, part } }) => {
  const words = new Int32Array(memory.buffer);
  const sleep = (signal, value) => Atomics.wait(words, signal / 4, value);
  const wake = (signal) => Atomics.notify(words, signal / 4);
  const { exports } = new WebAssembly.Instance(module, { env: { memory, sleep, wake } });
  const first = exports.table.grow(kernels.length);
  kernels.forEach((name, index) => {
    exports.table.set(first + index, exports[name]);
  });
  exports.useTeam(team);
  exports.useScratch(scratch);
  port.postMessage("ready");
  try {
    exports.help(part);
  } catch (error) {
    // The others would wait for this thread for ever; what they say of it is only that it happened
    exports.disband();
    console.error(error);
  }
  port.close();
};
