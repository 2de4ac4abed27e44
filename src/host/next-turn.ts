/** Lets everything else that waits have its turn. No time of the store's clock passes. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    if (typeof setImmediate === 'function') setImmediate(resolve);
    else viaChannel(resolve);
  });
}

const waiting: (() => void)[] = [];
let port: MessagePort | null = null;

/** A timer would make a browser wait some milliseconds; a message leaves at once. */
function viaChannel(done: () => void): void {
  waiting.push(done);
  port ??= openChannel();
  port.postMessage(null);
}

function openChannel(): MessagePort {
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => waiting.shift()?.();
  return port2;
}
