declare module 'node:events' {
  export class EventEmitter {
    on(name: string | symbol, listener: (...values: any[]) => void): this;
    once(name: string | symbol, listener: (...values: any[]) => void): this;
    off(name: string | symbol, listener: (...values: any[]) => void): this;
  }
}
interface Buffer extends Uint8Array {}
