'use strict';
const native = require('./native.js');

/**
 * Calls `name` of the library on a thread of its own. The library ends a call only with its workspace: an aborted
 * promise rejects at once with the signal's reason, while the work ends behind it.
 */
function wait(name, handle, text, signal) {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const abort = () => reject(signal.reason);
    native.wait(name, handle, text, (error, result) => {
      signal?.removeEventListener('abort', abort);
      if (error) reject(error);
      else resolve(result);
    });
    signal?.addEventListener('abort', abort, { once: true });
  });
}

module.exports = { wait };
