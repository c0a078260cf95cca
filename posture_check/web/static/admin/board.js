/** Refreshes today's board while somebody looks at it. */

const live = document.getElementById("live");
const every = Number(live?.dataset.refresh ?? 0) * 1000;

/** Fetch the board's part anew and put it in place, keeping the keyboard's place in it. */
export async function refresh() {
  if (document.hidden || live.contains(document.activeElement)) return;
  const address = new URL(location.href);
  address.searchParams.set("part", "1");
  address.searchParams.set("background", "1"); // keeps no login alive
  try {
    const answer = await fetch(address, { headers: { Accept: "text/html" }, redirect: "manual" });
    if (answer.type === "opaqueredirect") {
      location.reload(); // the login has ended
      return;
    }
    if (answer.ok) live.innerHTML = await answer.text();
  } catch {
    // The server restarts or the network is away: the next round tries again.
  }
}

if (live && every > 0) {
  setInterval(refresh, every);
  document.addEventListener("visibilitychange", refresh);
}
