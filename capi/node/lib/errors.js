'use strict';
const native = require('./native.js');

/** Every failure of the library. `code` is stable; `retryable`: the same call may succeed later. */
class FluentSyncError extends Error {
  constructor(code, message, path = '', retryable = false) {
    super(message);
    this.name = 'FluentSyncError';
    this.code = code;
    this.path = path;
    this.retryable = retryable;
  }
}

native.initialize((code, message, path, retryable) => new FluentSyncError(code, message, path, retryable));

/** What a string is in the library is UTF-8. A lone surrogate would be replaced without a word. */
function text(value, name) {
  if (typeof value !== 'string') throw new TypeError(`${name} is a string, not ${typeof value}`);
  if (value.isWellFormed ? !value.isWellFormed() : /\p{Surrogate}/u.test(value)) {
    throw new FluentSyncError('invalid_argument', `${name} has half of a character (a lone surrogate)`);
  }
  return value;
}

/** A text, or its bytes. */
function content(value) {
  if (value instanceof Uint8Array) return Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  return text(value, 'content');
}

function number(value, name) {
  if (!Number.isSafeInteger(value) || value < 0) {
    throw new FluentSyncError('invalid_argument', `${name} is a whole number from 0, not ${String(value)}`);
  }
  return value;
}

/** -1: whatever the version is. */
function version(options) {
  const expected = options?.expectedVersion;
  return expected === undefined ? -1 : number(expected, 'expectedVersion');
}

module.exports = { FluentSyncError, text, content, number, version };
