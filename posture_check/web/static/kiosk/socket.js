const RETRY_MS = [250, 500, 1000, 2000];
const SILENT_MS = 5000;
const REFUSED = 4400;

/** Name of this page for as long as its tab is open, so that it gets its own check back. */
function clientName() {
  let name = sessionStorage.getItem("kiosk.client");
  if (!name) {
    const bytes = crypto.getRandomValues(new Uint8Array(12));
    name = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
    sessionStorage.setItem("kiosk.client", name);
  }
  return name;
}

/**
 * Keeps a WebSocket to the server; one that breaks is made anew until it holds.
 *
 * @param {{message: (m: object) => void, picture: (data: ArrayBuffer) => void, open: () => void, lost: () => void}} on
 *   Called with each message and picture of the server, and when the connection comes and goes.
 * @returns {{say: (message: object) => void, frame: (data: ArrayBuffer) => boolean, isOpen: () => boolean}}
 */
export function connect(on) {
  /** @type {WebSocket|null} */
  let socket = null;
  let tries = 0;
  let timer = 0;

  const again = () => {
    clearTimeout(timer);
    timer = setTimeout(open, RETRY_MS[Math.min(tries, RETRY_MS.length - 1)]);
    tries += 1;
    // A login that has run out refuses the socket before it opens: the page itself is then led to the login.
    if (tries % 8 === 0) leadToLogin();
  };

  const open = () => {
    const address = `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/kiosk/ws`;
    const mine = new WebSocket(address);
    mine.binaryType = "arraybuffer";
    socket = mine;
    const patience = setTimeout(() => mine.close(), SILENT_MS);
    mine.onopen = () => {
      clearTimeout(patience);
      tries = 0;
      mine.send(JSON.stringify({ type: "hello", client: clientName() }));
      on.open();
    };
    mine.onmessage = (event) => {
      if (typeof event.data === "string") on.message(JSON.parse(event.data));
      else on.picture(event.data);
    };
    mine.onclose = (event) => {
      clearTimeout(patience);
      if (socket !== mine) return;
      on.lost();
      if (event.code === REFUSED) tries = RETRY_MS.length;
      again();
    };
  };

  open();
  addEventListener("online", () => socket?.readyState !== WebSocket.OPEN && again());
  return {
    say: (message) => {
      if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message));
    },
    frame: (data) => {
      if (socket?.readyState !== WebSocket.OPEN) return false;
      socket.send(data);
      return true;
    },
    isOpen: () => socket?.readyState === WebSocket.OPEN,
  };
}

async function leadToLogin() {
  try {
    const answer = await fetch("/kiosk", { redirect: "manual", cache: "no-store" });
    if (answer.type === "opaqueredirect" || answer.status === 401 || answer.status === 403) location.reload();
  } catch {
    // The server is away: the socket's own tries go on.
  }
}
