/* The worker that encodes: a page's own thread would do it only when it has nothing to draw. */
import { makePacker } from "./packing.js";

const pack = makePacker();

onmessage = async ({ data: { frame, how } }) => {
  try {
    const data = await pack(frame, ...how);
    postMessage({ data }, [data]);
  } catch (error) {
    postMessage({ error: String(error) });
  } finally {
    frame.close();
  }
};
