// The one socket of the page: it comes back by itself when the lab was gone for a while.

/** @typedef {import('../message.ts').LabMessage} LabMessage */
/** @typedef {import('../message.ts').LabRequestMessage} LabRequestMessage */

/** Longest wait before another try. */
const patienceMs = 8_000;

/**
 * @param {{ onMessage: (message: LabMessage) => void, onState: (isOpen: boolean) => void }} told
 * @returns {(request: LabRequestMessage) => void} says something; what is said while the lab is gone is lost
 */
export function openSocket({ onMessage, onState }) {
  /** @type {WebSocket | null} */
  let socket = null;
  let tries = 0;
  const open = () => {
    const opened = new WebSocket(`ws://${location.host}/live`);
    socket = opened;
    opened.addEventListener('open', () => {
      tries = 0;
      onState(true);
    });
    opened.addEventListener('message', ({ data }) => onMessage(JSON.parse(data)));
    opened.addEventListener('close', () => {
      socket = null;
      onState(false);
      tries += 1;
      setTimeout(open, Math.min(patienceMs, 500 * 2 ** tries));
    });
  };
  open();
  return (request) => {
    if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(request));
  };
}
