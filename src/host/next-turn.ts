/** Lets everything else that waits have its turn. No time of the store's clock passes. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    if (typeof setImmediate === 'function') setImmediate(resolve);
    else viaChannel(resolve);
  });
}

/** A timer would make a browser wait some milliseconds; a message leaves at once. */
function viaChannel(done: () => void): void {
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => {
    port1.close();
    done();
  };
  port2.postMessage(null);
}
